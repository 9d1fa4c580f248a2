package roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import roster.Config;
import roster.Main;
import roster.Node;
import roster.Surroundings;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.base.source.Ids;
import roster.door.command.Terminal;
import roster.model.Caller;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// An operator at the command line, beside a server with an embedded database of its own.
public final class Operator implements BeforeAllCallback, AfterAllCallback {
    /// @param out,err what it printed, also while it ran
    public record Ran(int exit, String out, String err) {}

    private Path folder;
    private Node server;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "test-data").toAbsolutePath()),
            "operator");
        server = Node.start(Config.read(Map.of("ROSTER_DATA", folder.resolve("data").toString(),
            "ROSTER_PORT", "0"), folder), Surroundings.PRODUCTION);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close();
    }

    public Node server() {
        return server;
    }

    /// A place for files.
    public Path folder() {
        return folder;
    }

    public Ran run(Object... args) {
        return run(folder.resolve("data"), new ByteArrayOutputStream(), args);
    }

    /// @param input what it reads on standard input
    public Ran runReading(String input, Object... args) {
        return run(folder.resolve("data"), new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream(), args);
    }

    /// @param err where it writes what is no result, while it runs
    public static Ran run(Path data, ByteArrayOutputStream err, Object... args) {
        return run(data, InputStream.nullInputStream(), err, args);
    }

    private static Ran run(Path data, InputStream in, ByteArrayOutputStream err, Object... args) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(in, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false);
        var outcome = Main.outcome(List.of(args).stream().map(Object::toString).toList(),
            Map.of("ROSTER_DATA", data.toString()), form -> {}, terminal);
        return new Ran(outcome.exit(), out.toString(StandardCharsets.UTF_8) + outcome.out(),
            err.toString(StandardCharsets.UTF_8) + outcome.err());
    }

    public JsonNode json(Object... args) {
        var all = new ArrayList<>(List.of(args));
        all.add("--json");
        var ran = run(all.toArray());
        assertThat(ran.exit()).as(ran.err()).isZero();
        return Json.parse(ran.out().getBytes(StandardCharsets.UTF_8));
    }

    /// @return its id
    public String newOrg(String name) {
        return json("org", "create", name, "--admin-email", "ada@acme.test", "--again").path("id").asString();
    }

    /// Those of the organisation, but for the administrator it began with.
    public List<String> addresses(String org) {
        return column("SELECT email AS it FROM users WHERE org_id = ? AND email <> 'ada@acme.test' ORDER BY email",
            org);
    }

    /// A write beside what was typed.
    public void write(String org, Consumer<WriteTx> work) {
        Await.write(server.roster.kernel().db(),
            Caller.cli(new Org.Id(UUID.fromString(org)), "test", new Ids().next().toString()),
            tx -> {
                work.accept(tx);
                return null;
            });
    }

    public long version(String org) {
        return Long.parseLong(column("SELECT version::text AS it FROM orgs WHERE id = ?", org).getFirst());
    }

    /// @param query of one text `it`
    public List<String> column(String query, String org) {
        return Await.read(server.roster.kernel().db(),
            tx -> tx.query(query, UUID.fromString(org)).list(row -> row.text("it")));
    }

    /// Rows of the organisation without an audit entry of their version.
    public List<String> unaudited(String org) {
        var missing = new ArrayList<String>();
        for (var table : List.of("users", "roles", "role_members", "invitations", "letters")) {
            missing.addAll(column("""
                SELECT t::text AS it FROM %s t WHERE t.org_id = ? AND NOT EXISTS (
                       SELECT 1 FROM audit_entries e WHERE e.org_id = t.org_id AND e.version = t.version)
                """.formatted(table), org));
        }
        return missing;
    }
}
