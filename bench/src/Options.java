import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What was asked for on the command line; `bench/run --help` explains it.
///
/// @param seconds of one measurement in one round
/// @param small people of the organisations besides the large one
record Options(Mode mode, int users, int small, int rounds, int seconds, Set<String> only, Path folder,
    Optional<Path> out) {
    enum Mode {
        QUICK, STANDARD, FULL
    }

    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private static final Set<String> PARTS =
        new TreeSet<>(Set.of("import", "reads", "lists", "filters", "outside", "writes", "idle", "start"));
    private static final int USERS_MIN = 2_000;

    static Options of(String... words) {
        var mode = Mode.STANDARD;
        var users = 0;
        var rounds = 0;
        var seconds = 0;
        Set<String> only = PARTS;
        var folder = Path.of("/var/tmp");
        var out = Optional.<Path>empty();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--quick" -> mode = Mode.QUICK;
                case "--full" -> mode = Mode.FULL;
                case "--users" -> users = number(words, ++i, USERS_MIN);
                case "--rounds" -> rounds = number(words, ++i, 1);
                case "--seconds" -> seconds = number(words, ++i, 1);
                case "--only" -> only = parts(word(words, ++i));
                case "--folder" -> folder = Path.of(word(words, ++i));
                case "--out" -> out = Optional.of(Path.of(word(words, ++i)));
                default -> throw new Wrong("unknown option: %s; see bench/run --help".formatted(words[i]));
            }
        }
        return new Options(mode, given(users, mode, 10_000, 1_000_000, 1_000_000),
            given(0, mode, 20_000, 100_000, 200_000), given(rounds, mode, 2, 5, 9), given(seconds, mode, 1, 2, 5), only,
            folder, out);
    }

    private static int given(int value, Mode mode, int quick, int standard, int full) {
        if (value > 0) {
            return value;
        }
        return switch (mode) {
            case QUICK -> quick;
            case STANDARD -> standard;
            case FULL -> full;
        };
    }

    private static String word(String[] words, int at) {
        if (at == words.length) {
            throw new Wrong("%s needs a value".formatted(words[at - 1]));
        }
        return words[at];
    }

    private static int number(String[] words, int at, int least) {
        var word = word(words, at);
        if (!word.matches("[0-9]{1,9}") || Integer.parseInt(word) < least) {
            throw new Wrong("%s takes a number from %d on, not %s".formatted(words[at - 1], least, word));
        }
        return Integer.parseInt(word);
    }

    private static Set<String> parts(String list) {
        var wanted = new TreeSet<>(Set.of(list.split(",")));
        if (!PARTS.containsAll(wanted)) {
            throw new Wrong("--only takes %s".formatted(String.join(", ", PARTS)));
        }
        return wanted;
    }

    /// How often something is done before it is measured: Java compiles what it is to run often.
    int warmUps() {
        return mode == Mode.QUICK ? 2 : 5;
    }

    boolean has(String part) {
        return only.contains(part);
    }
}
