package roster.core.signin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.session.Proof;
import roster.model.Org;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// What browsers have shown that are not signed in yet, by the cookie that they got with the form.
public final class Flows {
    public static final String COOKIE = "roster_flow";

    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Database db;
    private final Purpose contents;

    Flows(Database db, Secrets secrets) {
        this.db = db;
        this.contents = secrets.purpose("sign-in flows");
    }

    /// One of several organisations in which a password was right.
    public record Choice(Org.Id org, Proof.Password proof) {}

    /// @param address as it was typed, folded
    /// @param then where to go on
    public record Choosing(List<Choice> choices, String address, String then) {}

    /// Keeps a choice for ten minutes, in place of an earlier one of the same browser.
    public void keep(String cookie, Choosing choosing) {
        var content = Json.bytes(List.of(choosing.address(), choosing.then(), choosing.choices().stream()
            .map(one -> List.of(one.org().toString(), one.proof().user().toString(),
                Long.toString(one.proof().version())))
            .toList()));
        db.note(tx -> tx.update("""
            INSERT INTO sign_in_flows (digest, content, expires_at)
            VALUES (?, ?, roster_now() + ? * interval '1 second')
            ON CONFLICT (digest) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at
            """, Secrets.digest(cookie), contents.seal(content), LIFE.toSeconds()));
    }

    /// Looks, and changes nothing.
    public Optional<Choosing> find(String cookie) {
        return db.read(tx -> tx.query(
            "SELECT content FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now()",
            Secrets.digest(cookie)).optional(row -> row.text("content"))).flatMap(this::opened);
    }

    /// Takes it: it can be taken once.
    public Optional<Choosing> take(String cookie) {
        return db.note(tx -> tx.query(
            "DELETE FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now() RETURNING content",
            Secrets.digest(cookie)).optional(row -> row.text("content"))).flatMap(this::opened);
    }

    private Optional<Choosing> opened(String sealed) {
        return contents.open(sealed).map(bytes -> {
            var content = Json.parse(bytes);
            return new Choosing(content.get(2).valueStream().map(Flows::choice).toList(),
                content.get(0).asString(), content.get(1).asString());
        });
    }

    private static Choice choice(JsonNode node) {
        return new Choice(new Org.Id(UUID.fromString(node.get(0).asString())),
            new Proof.Password(new User.Id(UUID.fromString(node.get(1).asString())),
                Long.parseLong(node.get(2).asString())));
    }

    /// Whether this may be a cookie of ours.
    public static boolean isCookie(String sent) {
        return sent.length() == 43 && sent.getBytes(StandardCharsets.UTF_8).length == 43;
    }
}
