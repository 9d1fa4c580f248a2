package roster.core.provisioning;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.scim.Attributes;
import roster.core.user.UserText;
import roster.model.Text;
import roster.model.User;

/// The name of a person, which is one text in Roster, and many parts for directories.
///
/// @param kept `displayName` and `name` as they are to be kept
/// @param name of the user, if it becomes another one
record PersonNames(Attributes kept, Optional<String> name) {
    private static final String DISPLAY = "displayName";
    private static final String NAME = "name";
    private static final String FORMATTED = "formatted";
    private static final String GIVEN = "givenName";
    private static final String FAMILY = "familyName";

    /// How far before the end of the longest name a blank is near.
    private static final int NEAR = 15;

    /// What of a resource is about the name.
    static Attributes of(Attributes resource) {
        return Attributes.NONE.with(DISPLAY, resource.text(DISPLAY).filter(text -> !text.isBlank()).orElse(null))
            .with(NAME, resource.parts(NAME).values());
    }

    /// A resource without what is about the name.
    static Attributes without(Attributes resource) {
        return resource.without(DISPLAY, NAME);
    }

    /// Whether names say the name of a person, and not only what stands beside it, such as `middleName`.
    private static boolean areSaid(Attributes names) {
        var parts = names.parts(NAME);
        return names.has(DISPLAY) || Stream.of(FORMATTED, GIVEN, FAMILY).anyMatch(parts::has);
    }

    /// The names that are shown of a user. Where no client said any, they are made from the user's; where the user has got
    /// another name by another door since, those for the whole name follow.
    static Attributes shown(Attributes kept, User user) {
        if (!areSaid(kept)) {
            return withBeside(derived(user), kept);
        }
        var own = user.name().orElse("");
        return own.equals(whole(kept).orElse(own)) ? kept : following(kept, own.isEmpty() ? null : own);
    }

    private static Attributes withBeside(Attributes derived, Attributes kept) {
        var parts = new LinkedHashMap<>(derived.parts(NAME).values());
        parts.putAll(kept.parts(NAME).values());
        return derived.with(NAME, parts);
    }

    private static Attributes following(Attributes kept, String own) {
        var shown = kept.has(DISPLAY) ? kept.with(DISPLAY, own) : kept;
        return kept.parts(NAME).has(FORMATTED) ? shown.with(NAME, kept.parts(NAME).with(FORMATTED, own).values())
            : shown;
    }

    private static Attributes derived(User user) {
        var name = user.name().filter(text -> !text.isBlank())
            .orElseGet(() -> user.email().substring(0, user.email().indexOf('@'))).strip();
        var blank = lastBlank(name);
        var parts = new LinkedHashMap<String, Object>();
        parts.put(FORMATTED, name);
        parts.put(FAMILY, name.substring(blank + 1));
        parts.put(GIVEN, blank < 0 ? name : name.substring(0, blank).strip());
        return Attributes.NONE.with(DISPLAY, name).with(NAME, parts);
    }

    private static int lastBlank(String name) {
        for (var at = name.length() - 1; at >= 0; at--) {
            if (Character.isWhitespace(name.charAt(at))) {
                return at;
            }
        }
        return -1;
    }

    /// The name of the user that names stand for, if they say one: its beginning, without what no name may have.
    static Optional<String> whole(Attributes names) {
        var parts = names.parts(NAME);
        return Stream.of(names.text(DISPLAY), parts.text(FORMATTED), Optional.of(Stream.of(GIVEN, FAMILY)
            .flatMap(part -> parts.text(part).stream()).collect(Collectors.joining(" "))))
            .flatMap(Optional::stream).map(PersonNames::cut).filter(text -> !text.isEmpty()).findFirst();
    }

    private static String cut(String name) {
        var plain = Text.clean(name.replace("<", "").replace(">", "")).strip();
        if (Text.length(plain) > User.NAME_MAX) {
            var end = plain.offsetByCodePoints(0, User.NAME_MAX);
            var blank = Character.isWhitespace(plain.charAt(end)) ? end : lastBlank(plain.substring(0, end));
            plain = plain.substring(0, blank >= end - NEAR && blank > 0 ? blank : end).strip();
        }
        return UserText.nameFault(plain).isPresent() ? "" : plain;
    }

    /// What becomes of the names by a change.
    ///
    /// @param kept before
    /// @param user before
    /// @param sent the names that are to be shown. Those that were made from the user's name, and come back as they were read, are
    ///     not kept: they would go stale
    static PersonNames changed(Attributes kept, User user, Attributes sent) {
        var shown = shown(kept, user);
        if (sent.equals(shown)) {
            return new PersonNames(kept, Optional.empty());
        }
        var before = user.name().orElse("");
        if (areSaid(kept) || !areSaid(sent)) {
            return named(sent, before);
        }
        var derived = derived(user);
        var left = isSame(sent, derived, DISPLAY) ? sent.without(DISPLAY) : sent;
        if (isSame(sent.parts(NAME), derived.parts(NAME), FORMATTED)) {
            left = left.with(NAME, left.parts(NAME).without(FORMATTED).values());
        }
        var areSame = Stream.of(GIVEN, FAMILY).allMatch(part -> isSame(sent.parts(NAME), derived.parts(NAME), part));
        var beside = areSame ? left.with(NAME, left.parts(NAME).without(GIVEN, FAMILY).values()) : left;
        return areSaid(beside) ? named(left, before) : new PersonNames(beside, Optional.empty());
    }

    private static PersonNames named(Attributes names, String before) {
        return new PersonNames(names, Optional.of(whole(names).orElse("")).filter(name -> !name.equals(before)));
    }

    private static boolean isSame(Attributes sent, Attributes derived, String attribute) {
        return sent.text(attribute).map(text -> derived.text(attribute).filter(text::equals).isPresent()).orElse(true);
    }
}
