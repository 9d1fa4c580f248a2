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
import roster.core.key.KeyReach;
import roster.door.web.console.PersonPage.KeyRow;
import roster.door.web.console.PersonPage.Keys;
import roster.model.Caller;
import roster.model.Id;
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
        return KeyReach.reading(caller).covers(user);
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

    /// @param origin the page that shows them
    Keys shown(Visit visit, Tx tx, User user, KeyOrigin origin) {
        var application = application(tx, user, SHOWN);
        var tokens = tokens(tx, user, SHOWN);
        return new Keys(application.items().stream().map(key -> new KeyRow(key.name(), "…" + key.last4(),
            KeyWords.may(key.scopes()), key.lastUsedAt().map(visit.times()::brief), visit.times().day(key.createdAt()),
            Optional.empty(), false, act(visit, user, KeyTab.APPLICATION.edit(), key.id(), origin),
            act(visit, user, KeyTab.APPLICATION.revoke(), key.id(), origin))).toList(),
            heading(application, "application key"), all(visit, user, KeyTab.APPLICATION, application),
            tokens.items().stream().map(token -> new KeyRow(token.name(), token.publicPortion(),
                KeyWords.may(Optional.of(token.scopes())), token.lastUsedAt().map(visit.times()::brief),
                visit.times().day(token.createdAt()), token.expiresAt().map(visit.times()::day),
                isOver(token.expiresAt(), visit.times().now()),
                act(visit, user, KeyTab.TOKENS.edit(), token.id(), origin),
                act(visit, user, KeyTab.TOKENS.revoke(), token.id(), origin))).toList(),
            heading(tokens, "access token"), all(visit, user, KeyTab.TOKENS, tokens));
    }

    private static Optional<String> act(Visit visit, User user, String template, Id key, KeyOrigin origin) {
        return KeyReach.changing(visit.caller()).covers(user)
            ? visit.link().to(template, key).map(href -> href + origin.query()) : Optional.empty();
    }

    /// The list of all of them, where not all are shown.
    private static Optional<String> all(Visit visit, User user, KeyTab tab, Page<?> shown) {
        return shown.total() > shown.items().size() ? visit.link().to(ListAddress.of(tab.list(), KeyPages.ORDER)
            .with("owner", user.id().toString())) : Optional.empty();
    }

    private static boolean isOver(Optional<Instant> end, Instant now) {
        return end.filter(at -> !at.isAfter(now)).isPresent();
    }

    private static String heading(Page<?> page, String what) {
        return Words.capital(Words.counted(page.total(), what))
            + (page.total() > page.items().size() ? ", the first " + page.items().size() : "");
    }
}
