package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.core.key.KeyKind;
import roster.core.key.ListedKey;
import roster.model.Email;

/// What pages say of keys.
final class KeyWords {
    static final String EVERYTHING = "Everything the owner may do";

    private KeyWords() {}

    /// @param scopes none: everything
    static String may(Optional<List<String>> scopes) {
        return scopes.map(each -> each.isEmpty() ? "Nothing" : Words.counted(each.size(), "scope"))
            .orElse(EVERYTHING);
    }

    /// The scopes themselves, in a line.
    static String scopes(Optional<List<String>> scopes) {
        return scopes.map(each -> each.isEmpty() ? "Nothing" : String.join(", ", each)).orElse(EVERYTHING);
    }

    static String ends(ListedKey key) {
        return key.kind() == KeyKind.ACCESS_TOKEN ? key.ends() : "…" + key.ends();
    }

    static String called(ListedKey.Owner owner) {
        return Email.isAnonymous(owner.email()) ? Words.capital(Sentences.ANONYMISED)
            : owner.name().filter(name -> !name.isBlank()).orElse(owner.email());
    }

    /// The page of an owner.
    static Optional<String> page(Link link, ListedKey.Owner owner) {
        return link.to(owner.service() ? ServiceAccountPages.ACCOUNT : PersonPages.PATH, owner.id());
    }

    static boolean isOver(ListedKey key, Times times) {
        return key.expiresAt().filter(at -> !at.isAfter(times.now())).isPresent();
    }
}
