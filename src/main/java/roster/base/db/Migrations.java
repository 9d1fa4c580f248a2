package roster.base.db;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/// Brings the schema up to date with the numbered files of `db/migration`, each in a transaction of its own.
///
/// Nearly every start finds nothing to do, which one query tells. Flyway is loaded only when there is something to apply.
public final class Migrations {
    /// This version of Roster cannot use the database. The message says what to do.
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final String FOLDER = "db/migration";
    private static final String NO_SUCH_TABLE = "42P01";

    private Migrations() {}

    /// @throws Unusable if the database cannot be reached, saying why
    public static void mustBeReachable(Database db, Database.Address address) {
        try (var connection = db.dataSource().getConnection()) {
            if (!connection.isValid(5)) {
                throw new SQLException("it does not answer");
            }
        } catch (SQLException e) {
            throw new Unusable("the database %s cannot be reached: %s".formatted(address, rootMessage(e)), e);
        }
    }

    /// Applies missing files. Several nodes may start at once: one migrates, the others wait.
    ///
    /// @return the number of files applied
    /// @throws Unusable if the database cannot be reached, or its schema is newer than this version of Roster, or a file
    ///     was changed after it was applied
    public static int run(Database db, Database.Address address) {
        var applied = applied(db, address);
        var ours = files();
        if (applied.equals(ours)) {
            return 0;
        }
        applied.forEach((name, checksum) -> {
            if (!ours.containsKey(name)) {
                throw new Unusable(("the database has a schema (%s) that this version of Roster does not know; "
                    + "run the version that made it, or a newer one").formatted(name));
            }
            if (!ours.get(name).equals(checksum)) {
                throw new Unusable(("the database was made with another form of %s than this version of Roster has; "
                    + "run the version that made it").formatted(name));
            }
        });
        return FlywayRun.migrate(address);
    }

    /// Whether all files of this version have been applied.
    public static boolean applied(Tx tx) {
        return tx.query("SELECT script FROM flyway_schema_history WHERE success").list(row -> row.text("script"))
            .containsAll(names());
    }

    private static Map<String, Integer> applied(Database db, Database.Address address) {
        try (var connection = db.dataSource().getConnection(); var statement = connection.createStatement();
            var rows = statement.executeQuery("""
                SELECT script, checksum FROM flyway_schema_history WHERE success AND version IS NOT NULL
                """)) {
            var found = new TreeMap<String, Integer>();
            while (rows.next()) {
                found.put(rows.getString("script"), rows.getInt("checksum"));
            }
            return found;
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                return Map.of();
            }
            throw new Unusable("the database %s cannot be reached: %s".formatted(address, rootMessage(e)), e);
        }
    }

    private static String rootMessage(Throwable e) {
        return Optional.ofNullable(e.getCause()).map(Migrations::rootMessage)
            .orElseGet(() -> Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    }

    /// The files of this version and their checksums, as Flyway computes them.
    private static Map<String, Integer> files() {
        var found = new TreeMap<String, Integer>();
        for (var name : names()) {
            found.put(name, checksum(name));
        }
        return found;
    }

    private static List<String> names() {
        var folder = Migrations.class.getResource("/" + FOLDER);
        try {
            if (folder.openConnection() instanceof JarURLConnection jar) {
                return jar.getJarFile().stream().map(entry -> entry.getName())
                    .filter(name -> name.startsWith(FOLDER) && name.endsWith(".sql"))
                    .map(name -> name.substring(FOLDER.length() + 1)).toList();
            }
            try (var files = Files.list(Path.of(folder.toURI()))) {
                return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".sql")).toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As Flyway computes it: over the lines without their ends.
    private static int checksum(String name) {
        var file = Migrations.class.getResourceAsStream("/" + FOLDER + "/" + name);
        try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            var sum = new CRC32();
            lines.lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
            return (int) sum.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
