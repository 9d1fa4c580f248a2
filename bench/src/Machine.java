import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What the figures were taken on.
final class Machine {
    private Machine() {}

    /// As lines of a Markdown list.
    static String described(Path folder, String... versions) {
        try {
            var model = Files.readString(Path.of("/proc/cpuinfo")).lines()
                .filter(line -> line.startsWith("model name") || line.startsWith("Model"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("unknown processor");
            var memory = Long.parseLong(Files.readString(Path.of("/proc/meminfo")).lines().findFirst().orElseThrow()
                .replaceAll("[^0-9]", "")) / 1024.0 / 1024.0;
            return String.format(Locale.ROOT, """
                * %d cores of %s, %.0f GiB of memory; server and load generator share them
                * Linux %s, %s %s; data on %s
                * Java %s (%s)
                * %s
                """, Runtime.getRuntime().availableProcessors(), model, memory, System.getProperty("os.version"),
                distribution(), System.getProperty("os.arch"), Files.getFileStore(folder).type(),
                System.getProperty("java.vm.version"), System.getProperty("java.vendor"),
                String.join("; ", versions));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How busy the machine is with other things, over the last minute.
    static double load() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String distribution() throws IOException {
        var file = Path.of("/etc/os-release");
        return Files.exists(file) ? Files.readString(file).lines().filter(line -> line.startsWith("PRETTY_NAME="))
            .map(line -> line.substring(12).replace("\"", "")).findFirst().orElse("") : "";
    }
}
