package roster.base.settings;

import java.util.Optional;
import java.util.function.Function;
import roster.base.net.ShownUrl;

/// One setting: its name, what it means, how its value is read, and what applies when it is not set. Declared as a
/// constant beside what uses it.
///
/// @param <T> what its value is read as
public final class Setting<T> {
    /// How much of a value may be shown.
    private enum Shown { WHOLE, URL_WITHOUT_PASSWORD, NOTHING }

    private final String name;
    private final String meaning;
    private final Function<String, T> parser;
    private final Optional<String> standard;
    private final Optional<String> derived;
    private final Shown shown;

    private Setting(String name, String meaning, Function<String, T> parser, Optional<String> standard,
        Optional<String> derived, Shown shown) {
        this.name = name;
        this.meaning = meaning;
        this.parser = parser;
        this.standard = standard;
        this.derived = derived;
        this.shown = shown;
    }

    /// A setting that is optional and has no default.
    ///
    /// @param name of the environment variable and in `roster.properties`
    /// @param meaning for operators, in the README: sentences, without a full stop at the end
    /// @param parser throws [IllegalArgumentException] saying what is expected, never repeating the value
    public static <T> Setting<T> of(String name, String meaning, Function<String, T> parser) {
        if (!name.matches("ROSTER(_[A-Z]+)+") || meaning.isBlank()) {
            throw new IllegalArgumentException("a setting needs a name ROSTER_… and a meaning: " + name);
        }
        return new Setting<>(name, meaning, parser, Optional.empty(), Optional.empty(), Shown.WHOLE);
    }

    /// The same with the value that applies when none is set.
    public Setting<T> standard(String value) {
        return new Setting<>(name, meaning, parser, Optional.of(value), derived, shown);
    }

    /// The same with words that say where the value comes from when none is set and there is no fixed default.
    public Setting<T> derived(String words) {
        return new Setting<>(name, meaning, parser, standard, Optional.of(words), shown);
    }

    /// The same, whose value is never shown.
    public Setting<T> secret() {
        return new Setting<>(name, meaning, parser, standard, derived, Shown.NOTHING);
    }

    /// The same, whose value is a URL that is shown without passwords in it.
    public Setting<T> secretInUrl() {
        return new Setting<>(name, meaning, parser, standard, derived, Shown.URL_WITHOUT_PASSWORD);
    }

    public String name() {
        return name;
    }

    public String meaning() {
        return meaning;
    }

    public Optional<String> standard() {
        return standard;
    }

    public Optional<String> derived() {
        return derived;
    }

    /// The value as it may be shown.
    public String shown(String value) {
        return switch (shown) {
            case NOTHING -> "***";
            case URL_WITHOUT_PASSWORD -> ShownUrl.of(value);
            case WHOLE -> value;
        };
    }

    /// @throws WrongSetting naming the setting and what is expected, never the value
    T parsed(String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new WrongSetting("%s: %s".formatted(name, e.getMessage()));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
