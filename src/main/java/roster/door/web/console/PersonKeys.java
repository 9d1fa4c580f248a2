package roster.door.web.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import roster.base.db.Tx;
import roster.core.key.AccessTokens;
import roster.core.key.AccessTokens.AccessToken;
import roster.core.key.ApplicationKeys;
import roster.core.key.ApplicationKeys.ApplicationKey;
import roster.core.key.KeyFeature;
import roster.core.key.KeyList;
import roster.door.web.console.PersonPage.KeyRow;
import roster.door.web.console.PersonPage.Keys;
import roster.model.Caller;
import roster.model.Page;
import roster.model.Paging;
import roster.model.User;

/// The application keys and access tokens of one user.
final class PersonKeys {
    /// So many are shown of each kind.
    static final int SHOWN = 100;

    private static final KeyList.Span ANY_TIME = new KeyList.Span(Optional.empty(), Optional.empty());

    private final ApplicationKeys applicationKeys;
    private final AccessTokens accessTokens;

    PersonKeys(KeyFeature key) {
        applicationKeys = key.applicationKeys;
        accessTokens = key.accessTokens;
    }

    /// Whether a caller may see those of a user.
    static boolean areReadable(Caller caller, User user) {
        return AccessTokens.readableBy(caller).orElse(user.id()).equals(user.id());
    }

    Page<ApplicationKey> application(Tx tx, User user, int most) {
        return applicationKeys.list(tx, user.org(), new ApplicationKeys.Filter(Optional.empty(), ANY_TIME,
            Optional.of(user.id())), ApplicationKeys.Sort.NAME, false, new Paging(most, 0));
    }

    Page<AccessToken> tokens(Tx tx, User user, int most) {
        return accessTokens.list(tx, user.org(), new AccessTokens.Filter(Optional.empty(),
            Optional.of(List.of(user.id()))), AccessTokens.Sort.NAME, false, new Paging(most, 0));
    }

    /// How many there are of both kinds.
    long count(Tx tx, User user) {
        return application(tx, user, 1).total() + tokens(tx, user, 1).total();
    }

    Keys shown(Visit visit, Tx tx, User user) {
        var application = application(tx, user, SHOWN);
        var tokens = tokens(tx, user, SHOWN);
        return new Keys(application.items().stream().map(key -> new KeyRow(key.name(), "…" + key.last4(),
            may(key.scopes()), key.lastUsedAt().map(visit.times()::brief), visit.times().day(key.createdAt()),
            Optional.empty(), false, visit.link().to("/console/keys/application/{id}/revoke", key.id()))).toList(),
            heading(application, "application key"),
            tokens.items().stream().map(token -> new KeyRow(token.name(), token.publicPortion(),
                may(Optional.of(token.scopes())), token.lastUsedAt().map(visit.times()::brief),
                visit.times().day(token.createdAt()), token.expiresAt().map(visit.times()::day),
                isOver(token.expiresAt(), visit.times().now()),
                visit.link().to("/console/keys/tokens/{id}/revoke", token.id()))).toList(),
            heading(tokens, "access token"));
    }

    private static boolean isOver(Optional<Instant> end, Instant now) {
        return end.filter(at -> !at.isAfter(now)).isPresent();
    }

    private static String may(Optional<List<String>> scopes) {
        return scopes.map(each -> each.isEmpty() ? "Nothing" : Words.counted(each.size(), "scope"))
            .orElse("Everything they may do");
    }

    private static String heading(Page<?> page, String what) {
        return Words.capital(Words.counted(page.total(), what))
            + (page.total() > page.items().size() ? ", the first " + page.items().size() : "");
    }
}
