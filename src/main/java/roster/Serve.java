package roster;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.net.LocalLink;
import roster.base.settings.Settings;
import roster.core.founding.FirstSignIn;
import roster.core.founding.FirstStart;
import roster.door.command.Outcome;
import roster.door.ops.Bench;
import roster.door.ops.OpsDoor;
import roster.door.web.Mailbox;

/// `roster serve`: starts, prints where it listens, and stops in order on a signal.
public final class Serve {
    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

    private Serve() {}

    /// Returns only if the start fails; a signal ends the process. The exit code is 0 if everything could be stopped, 1 if
    /// something could not.
    ///
    /// @throws RuntimeException as [Node#start]; what was started is stopped then
    static Outcome run(Settings settings) {
        var starting = new CompletableFuture<Node>();
        // A signal during the start waits for its end: a PostgreSQL just started must be stopped too.
        var stop = new Thread(() -> stop(starting), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        Node node;
        try {
            node = Node.start(settings, Surroundings.PRODUCTION);
            starting.complete(node);
        } catch (RuntimeException | Error e) {
            starting.completeExceptionally(e);
            throw e;
        }
        try {
            announce(node, System.out, Main.onTerminal());
        } catch (RuntimeException | Error e) {
            node.close(); // or the exit status would be that of a clean stop
            Runtime.getRuntime().removeShutdownHook(stop);
            throw e;
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Outcome(Outcome.DONE, "", "");
    }

    private static void stop(CompletableFuture<Node> starting) {
        try {
            var node = starting.join();
            LOG.info("stopping; requests that are being answered may take some seconds");
            node.close();
            LOG.info("stopped");
            // Java would end with 143, which service managers take for a failure.
            Runtime.getRuntime().halt(Outcome.DONE);
        } catch (CompletionException e) {
            // The start failed and has cleaned up after itself; Main says why.
        } catch (RuntimeException e) {
            System.err.println("roster: not everything could be stopped: " + e.getMessage());
            Runtime.getRuntime().halt(Outcome.FAILED);
        }
    }

    /// Prints the addresses. The first start also prints what it created. Later ones print where the first keys are as long
    /// as their file exists: the start that created them may have failed afterwards.
    static void announce(Node node, PrintStream out, boolean onTerminal) {
        var settings = node.roster.kernel().settings();
        out.println("Roster %s listens on %s".formatted(Version.ROSTER, node.address()));
        node.made().ifPresent(made -> {
            var address = reachable(node.address());
            out.println("Data is in %s%s".formatted(settings.require(Config.DATA),
                settings.get(Config.DATABASE_URL).isPresent() ? "; the database is external"
                    : ", including the database"));
            out.println("The API is documented at %s/docs".formatted(LocalLink.of(node.address())));
            out.println("Created organization \"%s\" with the administrator %s".formatted(made.founded().org().name(),
                made.founded().admin().email()));
            keys(made, Path.of(""), address, out, onTerminal);
            signInLink(node, made, out, onTerminal);
        });
        if (node.made().isEmpty()) {
            node.roster.founding.firstStart.keyFile(settings.require(Config.DATA)).ifPresent(file -> {
                printKeyFile(file, out);
                tryIt(file, Path.of(""), reachable(node.address()), out);
            });
        }
        if (!node.canSignIn()) {
            out.println(
                "Users cannot sign in: ROSTER_PUBLIC_URL must begin with https, or be an address of this machine");
        }
        node.managementAddress().ifPresent(at -> out.println("Health and metrics are on " + at));
        node.mailboxAddress().map(LocalLink::of).ifPresent(address -> out.println(onTerminal
            ? "E-mails are shown at " + address
            : "E-mails are shown at %s$(cat %s)".formatted(address.substring(0, address.lastIndexOf('/') + 1),
                quoted(Mailbox.tokenFile(settings.require(Config.DATA)).toAbsolutePath().toString()))));
        if (settings.require(OpsDoor.BENCH)) {
            out.println("ROSTER_BENCH is on: %s needs no key, and answers tell how long they took"
                .formatted(Bench.PATH));
        }
        out.println(String.format(Locale.ROOT, "Ready in %.2f s", sinceStartSeconds()));
        out.flush();
    }

    private static void keys(FirstStart.Made made, Path here, String address, PrintStream out, boolean onTerminal) {
        made.keyFile().ifPresentOrElse(file -> {
            printKeyFile(file, out);
            if (onTerminal) { // service managers and containers keep what is printed
                out.println("    DD_API_KEY=" + made.founded().apiKey().secret());
                out.println("    DD_APP_KEY=" + made.founded().applicationKey().secret());
            }
            tryIt(file, here, address, out);
        }, () -> {
            out.println("The administrator's keys are those that were preset");
            tryIt("", "$ROSTER_BOOTSTRAP_API_KEY", "$ROSTER_BOOTSTRAP_APP_KEY", address, out);
        });
    }

    /// Service managers and containers keep what is printed, so the link itself is for terminals only.
    private static void signInLink(Node node, FirstStart.Made made, PrintStream out, boolean onTerminal) {
        var url = node.roster.kernel().publicUrl();
        var file = new FirstSignIn(node.roster.kernel().settings().require(Config.DATA)).file();
        out.println("The administrator signs in by the link in %s, once, within 24 hours".formatted(file));
        if (onTerminal) {
            out.println("    " + (url.isSet() ? url.link(made.signInPath())
                : LocalLink.of(node.address() + made.signInPath())));
        }
    }

    private static void printKeyFile(Path file, PrintStream out) {
        out.println("The administrator's first keys are in %s; delete the file once you have stored them elsewhere"
            .formatted(file));
    }

    private static void tryIt(Path keyFile, Path here, String address, PrintStream out) {
        tryIt(". %s && ".formatted(quoted(sourced(keyFile, here))), "$DD_API_KEY", "$DD_APP_KEY", address, out);
    }

    private static void tryIt(String source, String apiKey, String applicationKey, String address, PrintStream out) {
        out.println("Try it:");
        out.println("    %scurl -sS -H \"DD-API-KEY: %s\" -H \"DD-APPLICATION-KEY: %s\" %s/api/v2/users"
            .formatted(source, apiKey, applicationKey, address));
    }

    /// The file for a shell's `.`, which searches the PATH for a name without a slash.
    private static String sourced(Path file, Path here) {
        var folder = here.toAbsolutePath().normalize();
        var absolute = file.toAbsolutePath().normalize();
        if (!absolute.startsWith(folder)) {
            return absolute.toString();
        }
        var relative = folder.relativize(absolute).toString();
        return relative.contains("/") && !relative.startsWith("-") ? relative : "./" + relative;
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./@%+=:,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /// An address for programs to call: a wildcard address becomes the loopback one.
    private static String reachable(String address) {
        return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
    }

    /// Since the process began, including the start of Java.
    private static double sinceStartSeconds() {
        return (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1000.0;
    }
}
