package roster.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/// Which attacks the tests of a run made, and what came of it: `target/attacks.md`. A test is of the rows that its name begins
/// with, as `o5_o6_signatures_…`; where it runs several times, what it calls a run may name one, as `O3 nonce absent`.
///
/// Tests that did not run leave their rows as an earlier run left them.
public final class Attacks implements InvocationInterceptor {
    /// The rows: number, tab, what the attacker does.
    public static final Path ROWS = Path.of("src", "test", "resources", "attacks.txt");

    private static final Path PAGE = Path.of("target", "attacks.md");
    private static final Path FOUND = Path.of("target", "attacks.tsv");
    private static final Pattern NUMBERS = Pattern.compile("(?:[GROLFSCM][0-9]{1,2}[_ ])+");
    private static final String HELD = "held";
    private static final String BROKEN = "BROKEN";
    private static final String NOT_RUN = "not run";

    /// What a test and the threads that it starts send is counted for it.
    private static final InheritableThreadLocal<Tried> RUNNING = new InheritableThreadLocal<>();
    private static final Map<String, Tried> ALL = new ConcurrentHashMap<>();

    /// What a test tried for a row.
    private static final class Tried {
        private final String row;
        private final String test;
        private int cases;
        private String result = NOT_RUN;
        private String said = "";
        private final Map<Integer, Integer> statuses = new TreeMap<>();

        private Tried(String row, String test) {
            this.row = row;
            this.test = test;
        }

        private synchronized void saw(int status) {
            statuses.merge(status, 1, Integer::sum);
        }

        private synchronized void ended(String how) {
            cases += how.equals(NOT_RUN) ? 0 : 1;
            result = result.equals(BROKEN) || how.equals(NOT_RUN) ? result : how;
        }

        private synchronized String line() {
            return String.join("\t", row, test, "" + cases, result, shown(statuses), said);
        }
    }

    /// The rows, by number.
    public static Map<String, String> rows() {
        try {
            var rows = new LinkedHashMap<String, String>();
            Files.readAllLines(ROWS).forEach(line -> rows.put(line.split("\t")[0], line.split("\t")[1]));
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The numbers of the rows that a test is of.
    ///
    /// @param name of its method, or of one of its runs
    public static List<String> numbers(String name) {
        var found = NUMBERS.matcher(name.toUpperCase(Locale.ROOT));
        return found.lookingAt() ? Stream.of(found.group().strip().split("[_ ]")).toList() : List.of();
    }

    /// Says in the table what came of an attack, in its numbers.
    public static void say(String format, Object... values) {
        var tried = RUNNING.get();
        var text = String.format(Locale.ROOT, format, values);
        System.out.println(text);
        if (tried != null) {
            synchronized (tried) {
                tried.said = tried.said.isEmpty() ? text : tried.said + "; " + text;
            }
        }
    }

    static void saw(Answer answer) {
        var tried = RUNNING.get();
        if (tried != null) {
            tried.saw(answer.status());
        }
    }

    @Override
    public void interceptTestMethod(Invocation<Void> test, ReflectiveInvocationContext<Method> of,
        ExtensionContext context) throws Throwable {
        noted(test, of.getExecutable(), context);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> test, ReflectiveInvocationContext<Method> of,
        ExtensionContext context) throws Throwable {
        noted(test, of.getExecutable(), context);
    }

    private static void noted(Invocation<Void> test, Method method, ExtensionContext context) throws Throwable {
        var own = numbers(context.getDisplayName());
        var numbers = own.isEmpty() ? numbers(method.getName()) : own;
        if (numbers.isEmpty()) {
            test.proceed();
            return;
        }
        var name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        var tried = ALL.computeIfAbsent(String.join(" ", numbers) + " " + name,
            _ -> new Tried(String.join(" ", numbers), name));
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Attacks.class,
            _ -> (AutoCloseable) Attacks::write);
        RUNNING.set(tried);
        try {
            test.proceed();
            tried.ended(HELD);
        } catch (TestAbortedException e) {
            tried.ended(NOT_RUN);
            throw e;
        } catch (Throwable e) {
            tried.ended(BROKEN);
            throw e;
        } finally {
            RUNNING.remove();
        }
    }

    private static String shown(Map<Integer, Integer> statuses) {
        return statuses.entrySet().stream()
            .map(one -> String.format(Locale.ROOT, "%d × %,d", one.getKey(), one.getValue()))
            .collect(Collectors.joining(", "));
    }

    private static void write() {
        try {
            var ran = ALL.values().stream().filter(one -> !one.result.equals(NOT_RUN)).map(Tried::line).toList();
            var tests = ran.stream().map(line -> line.split("\t")[1]).collect(Collectors.toSet());
            var lines = new ArrayList<>(ran);
            if (Files.exists(FOUND)) {
                Files.readAllLines(FOUND).stream().filter(line -> !tests.contains(line.split("\t")[1]))
                    .forEach(lines::add);
            }
            lines.sort(String::compareTo);
            Files.writeString(FOUND, String.join("\n", lines) + "\n");
            Files.writeString(PAGE, page(lines), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(List<String> lines) {
        var page = new StringBuilder("""
            # Attacks on signing in

            What the tests tried, and what came of it. *Runs* counts tests and their variants; *answers* are all that they
            got, those of preparing the attack included.

            | # | attack | tests | runs | answers | result |
            |---|---|---|---|---|---|
            """);
        rows().forEach((number, attack) -> {
            var of = lines.stream().map(line -> line.split("\t", -1))
                .filter(parts -> List.of(parts[0].split(" ")).contains(number)).toList();
            var results = of.stream().map(parts -> parts[3]).collect(Collectors.toSet());
            var result = of.isEmpty() ? NOT_RUN : results.contains(BROKEN) ? BROKEN : HELD;
            page.append("| %s | %s | %s | %d | %s | %s |\n".formatted(number, attack.replace("|", "\\|"),
                of.stream().map(parts -> parts[1]).collect(Collectors.joining("<br>")),
                of.stream().mapToInt(parts -> Integer.parseInt(parts[2])).sum(), shown(together(of)),
                Stream.concat(Stream.of(result), of.stream().map(parts -> parts[5]).filter(said -> !said.isEmpty()))
                    .collect(Collectors.joining("; "))));
        });
        return page.toString();
    }

    private static Map<Integer, Integer> together(List<String[]> of) {
        var all = new TreeMap<Integer, Integer>();
        of.stream().flatMap(parts -> Stream.of(parts[4].split(", ", -1))).filter(one -> !one.isEmpty())
            .map(one -> one.replace(",", "").split(" × ", -1))
            .forEach(pair -> all.merge(Integer.valueOf(pair[0]), Integer.valueOf(pair[1]), Integer::sum));
        return all;
    }
}
