import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What was asked for on the command line; `bench/run --help` explains it.
///
/// @param sizes of the large organisation: one of them, and with [Mode#PEERS] as many as are compared
/// @param small people of the organisations besides the large one
/// @param seconds of one measurement in one round
record Options(Mode mode, List<Integer> sizes, int small, int rounds, int seconds, Set<String> only, Path folder,
    Optional<Path> out) {
    enum Mode {
        QUICK, STANDARD, FULL,

        /// Not Roster's own rows, but other products beside it.
        PEERS
    }

    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private static final Set<String> PARTS =
        new TreeSet<>(Set.of("import", "reads", "lists", "filters", "console", "outside", "writes", "scim", "sessions",
            "signins", "idle", "start"));
    private static final int QUICK_USERS = 10_000;

    /// What the console is to bear is asked with so many at least.
    private static final int QUICK_CONSOLE_USERS = 100_000;
    private static final int USERS_MIN = 2_000;

    static Options of(String... words) {
        var mode = Mode.STANDARD;
        var sizes = List.<Integer>of();
        var rounds = 0;
        var seconds = 0;
        Set<String> only = PARTS;
        var folder = Path.of("/var/tmp");
        var out = Optional.<Path>empty();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--quick" -> mode = Mode.QUICK;
                case "--full" -> mode = Mode.FULL;
                case "--peers" -> mode = Mode.PEERS;
                case "--users" -> sizes = numbers(words, ++i, USERS_MIN);
                case "--rounds" -> rounds = number(words, ++i, 1);
                case "--seconds" -> seconds = number(words, ++i, 1);
                case "--only" -> only = parts(word(words, ++i));
                case "--folder" -> folder = Path.of(word(words, ++i));
                case "--out" -> out = Optional.of(Path.of(word(words, ++i)));
                default -> throw new Wrong("unknown option: %s; see bench/run --help".formatted(words[i]));
            }
        }
        if (mode == Mode.PEERS && only != PARTS) {
            throw new Wrong("--only is not for --peers, which has no parts");
        }
        if (mode != Mode.PEERS && sizes.size() > 1) {
            throw new Wrong("--users takes several numbers with --peers only");
        }
        if (sizes.isEmpty()) {
            sizes = mode == Mode.PEERS ? List.of(10_000, 140_000)
                : List.of(given(0, mode, only.equals(Set.of("console")) ? QUICK_CONSOLE_USERS : QUICK_USERS, 1_000_000,
                    1_000_000));
        }
        return new Options(mode, sizes, given(0, mode, 20_000, 100_000, 200_000),
            given(rounds, mode, 2, mode == Mode.PEERS ? 3 : 5, 9), given(seconds, mode, 1, 2, 5), only, folder, out);
    }

    private static int given(int value, Mode mode, int quick, int standard, int full) {
        if (value > 0) {
            return value;
        }
        return switch (mode) {
            case QUICK -> quick;
            case STANDARD, PEERS -> standard;
            case FULL -> full;
        };
    }

    private static String word(String[] words, int at) {
        if (at == words.length) {
            throw new Wrong("%s needs a value".formatted(words[at - 1]));
        }
        return words[at];
    }

    private static List<Integer> numbers(String[] words, int at, int least) {
        return Arrays.stream(word(words, at).split(",", -1)).map(word -> number(words[at - 1], word, least)).sorted()
            .distinct().toList();
    }

    private static int number(String[] words, int at, int least) {
        return number(words[at - 1], word(words, at), least);
    }

    private static int number(String option, String word, int least) {
        if (!word.matches("[0-9]{1,9}") || Integer.parseInt(word) < least) {
            throw new Wrong("%s takes a number from %d on, not %s".formatted(option, least, word));
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

    /// Of the large organisation.
    int users() {
        return sizes.getFirst();
    }

    /// How often something is done before it is measured: Java compiles what it is to run often.
    int warmUps() {
        return mode == Mode.QUICK ? 2 : 5;
    }

    boolean has(String part) {
        return only.contains(part);
    }
}
