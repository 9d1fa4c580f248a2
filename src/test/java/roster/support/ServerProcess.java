package roster.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Roster as an operator runs it: a process of its own, with its PostgreSQL in its data folder, that can be killed.
public final class ServerProcess {
    /// The administrator's keys, as headers of requests with JSON.
    public static final Map<String, String> KEYS = Map.of("DD-API-KEY", "0123456789abcdef".repeat(2),
        "DD-APPLICATION-KEY", "0123456789".repeat(4), "Content-Type", "application/json");

    private static final Map<String, String> STANDARD = Map.of("ROSTER_BOOTSTRAP_API_KEY", KEYS.get("DD-API-KEY"),
        "ROSTER_BOOTSTRAP_APP_KEY", KEYS.get("DD-APPLICATION-KEY"), "ROSTER_RATE_LIMIT", "off");

    private static final Pattern LISTENS = Pattern.compile("^Roster .*listens on (\\S+)$");

    private final Path folder;
    private final Process process;
    private final String address;

    private ServerProcess(Path folder, Process process, String address) {
        this.folder = folder;
        this.process = process;
        this.address = address;
    }

    /// Starts `serve` on a new data folder, and waits until it listens.
    ///
    /// @param name the folder's begins with it
    /// @param settings besides the folder, a free port, the administrator's keys and no rate limit
    public static ServerProcess start(String name, Map<String, String> settings) throws IOException {
        var parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
        return start(Files.createTempDirectory(parent, name), settings);
    }

    /// The same on a certain data folder.
    public static ServerProcess start(Path folder, Map<String, String> settings) throws IOException {
        return start(folder, settings, "-XX:TieredStopAtLevel=1"); // starts sooner
    }

    /// The same with the compiler that a server has in the long run.
    public static ServerProcess startToMeasure(Path folder, Map<String, String> settings) throws IOException {
        return start(folder, settings, "-XX:TieredStopAtLevel=4");
    }

    private static ServerProcess start(Path folder, Map<String, String> settings, String compiler) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var builder = new ProcessBuilder(java, "-XX:+UseSerialGC", compiler,
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", classes,
            "roster.Main",
            "serve");
        builder.environment().keySet().removeIf(name -> name.startsWith("ROSTER_"));
        builder.environment().putAll(STANDARD);
        builder.environment().putAll(settings);
        builder.environment().put("ROSTER_DATA", folder.toString());
        builder.environment().put("ROSTER_PORT", "0");
        var log = log(folder);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        var process = builder.start();
        var out = process.inputReader();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            var listens = LISTENS.matcher(line);
            if (listens.matches()) {
                drain(out);
                return new ServerProcess(folder, process, listens.group(1));
            }
        }
        process.destroyForcibly();
        throw new IOException("Roster does not start; see " + log);
    }

    /// Starts anew on the same folder.
    public ServerProcess again(Map<String, String> settings) throws IOException {
        return start(folder, settings);
    }

    private static void drain(BufferedReader out) {
        Thread.ofVirtual().start(() -> out.lines().forEach(line -> {}));
    }

    public String address() {
        return address;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// What it writes to standard error.
    public Path log() {
        return log(folder);
    }

    private static Path log(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".log");
    }

    /// The memory that it has, in bytes, without its PostgreSQL's; as Linux counts it.
    public long memory() throws IOException {
        return status("VmRSS:");
    }

    /// The most memory it ever had.
    public long peakMemory() throws IOException {
        return status("VmHWM:");
    }

    private long status(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
            .filter(line -> line.startsWith(name))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElseThrow();
    }

    /// `kill -9`; its PostgreSQL is left an orphan.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// `kill -9` of the PostgreSQL that runs in the folder, and of nothing else.
    public void killPostgres() throws IOException {
        postgres().destroyForcibly();
    }

    private ProcessHandle postgres() throws IOException {
        return ProcessHandle.of(Long.parseLong(postmasterFile().getFirst().strip())).orElseThrow();
    }

    /// pid, folder, start, port and more, a line each.
    private List<String> postmasterFile() throws IOException {
        return Files.readAllLines(folder.resolve("postgresql").resolve("postmaster.pid"));
    }

    /// Stops it in order, its PostgreSQL too.
    ///
    /// @return the exit code
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("Roster does not stop");
        }
        return process.exitValue();
    }

    /// Leaves nothing running, whatever state things are in.
    public void end() throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        }
        if (Files.exists(folder.resolve("postgresql").resolve("postmaster.pid"))) {
            try {
                killPostgres();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The port of its PostgreSQL on 127.0.0.1.
    public int databasePort() throws IOException {
        return Integer.parseInt(postmasterFile().get(3).strip());
    }

    /// A connection to its database.
    public Connection connection() throws IOException, SQLException {
        var login = new Properties();
        login.setProperty("user", "roster");
        login.setProperty("password", Files.readString(folder.resolve("postgres-password")).strip());
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(databasePort()), login);
    }

    /// Asks its database: one list of columns a row.
    public List<List<Object>> sql(String query) throws IOException, SQLException {
        try (var connection = connection()) {
            return sql(connection, query);
        }
    }

    /// The same on a connection that stays open.
    public static List<List<Object>> sql(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement(); var result = statement.executeQuery(query)) {
            var rows = new ArrayList<List<Object>>();
            while (result.next()) {
                var row = new ArrayList<Object>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }
}
