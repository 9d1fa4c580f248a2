package roster.core.signin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.session.Proof;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// What browsers have shown that are not signed in yet, by the cookie that they got with the form. A browser has one at a
/// time. Also what a page of a session shows only once.
public final class Flows {
    public static final String COOKIE = "roster_flow";

    /// Second factors that are looked at before the password must be shown again.
    static final int TRIES = 5;

    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final String CHOOSING = "choosing";
    private static final String HALF = "half";
    private static final String CODES = "codes";

    private final Database db;
    private final Purpose contents;
    private final Purpose others;

    Flows(Database db, Secrets secrets) {
        this.db = db;
        this.contents = secrets.purpose("sign-in flows");
        this.others = secrets.purpose("other sign-in flows");
    }

    /// One of several organisations in which a password was right.
    public record Choice(Org.Id org, Proof.Password proof) {}

    /// @param address as it was typed, folded
    /// @param then where to go on
    public record Choosing(List<Choice> choices, String address, String then) {}

    /// A client that has shown one factor.
    ///
    /// @param address by which the browser is to be known, folded; empty: by none
    /// @param then where to go on
    public record Half(Org.Id org, Proof proof, String address, String then) {}

    /// Keeps a choice for ten minutes, in place of what the same browser has shown before.
    public void keep(String cookie, Choosing choosing) {
        keep(cookie, List.of(CHOOSING, choosing.address(), choosing.then(), choosing.choices().stream()
            .map(one -> List.of(one.org().toString(), ProofCodec.content(one.proof()))).toList()));
    }

    /// Keeps a first factor for ten minutes, in place of what the same browser has shown before.
    public void keep(String cookie, Half half) {
        keep(cookie,
            List.of(HALF, half.address(), half.then(), half.org().toString(), ProofCodec.content(half.proof())));
    }

    /// Keeps recovery codes for ten minutes, to be shown in the session in which they were made.
    public void keepCodes(UUID session, List<String> codes) {
        var all = new ArrayList<String>();
        all.add(CODES);
        all.addAll(codes);
        keep(codesOf(session), all);
    }

    private static String codesOf(UUID session) {
        return CODES + " " + session;
    }

    private void keep(String key, List<?> content) {
        db.note(tx -> tx.update("""
            INSERT INTO sign_in_flows (digest, content, tries, expires_at)
            VALUES (?, ?, 0, roster_now() + ? * interval '1 second')
            ON CONFLICT (digest) DO UPDATE
               SET content = excluded.content, tries = 0, expires_at = excluded.expires_at
            """, Secrets.digest(key), contents.seal(Json.bytes(content)), LIFE.toSeconds()));
    }

    /// Looks, and changes nothing.
    public Optional<Choosing> find(String cookie) {
        return find(cookie, CHOOSING).map(Flows::choosing);
    }

    /// The same for a first factor.
    public Optional<Half> half(String cookie) {
        return find(cookie, HALF).map(Flows::half);
    }

    /// The same for codes of a session.
    public Optional<List<String>> codes(UUID session) {
        return find(codesOf(session), CODES)
            .map(content -> content.valueStream().skip(1).map(JsonNode::asString).toList());
    }

    private Optional<JsonNode> find(String key, String kind) {
        return db.read(tx -> tx.query(
            "SELECT content FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now()",
            Secrets.digest(key)).optional(row -> row.text("content"))).flatMap(sealed -> opened(sealed, kind));
    }

    /// Takes it: it can be taken once.
    public Optional<Choosing> take(String cookie) {
        return db.note(tx -> tx.query(
            "DELETE FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now() RETURNING content",
            Secrets.digest(cookie)).optional(row -> row.text("content")))
            .flatMap(sealed -> opened(sealed, CHOOSING)).map(Flows::choosing);
    }

    /// A first factor whose second is to be looked at.
    ///
    /// @param left how often another one may be tried
    record Trying(Half half, int left) {}

    /// Counts a try before the second factor is looked at, so that tries at the same moment gain nothing.
    ///
    /// @return none if there is no first factor, or it was tried too often
    Optional<Trying> tryHalf(String cookie) {
        return db.note(tx -> tx.query("""
            UPDATE sign_in_flows SET tries = tries + 1
             WHERE digest = ? AND expires_at > roster_now() AND tries < ? RETURNING content, tries
            """, Secrets.digest(cookie), TRIES).optional(
            row -> opened(row.text("content"), HALF).map(content -> new Trying(half(content),
                TRIES - row.integer("tries")))))
            .flatMap(found -> found);
    }

    /// Ends what a browser has under way.
    public void end(String cookie) {
        db.note(tx -> tx.update("DELETE FROM sign_in_flows WHERE digest = ?", Secrets.digest(cookie)));
    }

    /// Codes of a session are not shown again.
    public void endCodes(UUID session) {
        end(codesOf(session));
    }

    private Optional<JsonNode> opened(String sealed, String kind) {
        return contents.open(sealed).map(Json::parse).filter(content -> content.get(0).asString().equals(kind));
    }

    private static Choosing choosing(JsonNode content) {
        return new Choosing(content.get(3).valueStream().map(one -> new Choice(org(one.get(0)),
            (Proof.Password) ProofCodec.proof(one.get(1)))).toList(), content.get(1).asString(),
            content.get(2).asString());
    }

    private static Half half(JsonNode content) {
        return new Half(org(content.get(3)), ProofCodec.proof(content.get(4)), content.get(1).asString(),
            content.get(2).asString());
    }

    private static Org.Id org(JsonNode node) {
        return new Org.Id(UUID.fromString(node.asString()));
    }

    /// Keeps what a browser has begun elsewhere, sealed, in place of an earlier one of this name.
    ///
    /// @param name longer than a cookie, which it holds: only this browser finds it again
    public void keep(String name, byte[] content, Duration life) {
        db.note(tx -> tx.update("""
            INSERT INTO sign_in_flows (digest, content, expires_at)
            VALUES (?, ?, roster_now() + ? * interval '1 second')
            ON CONFLICT (digest) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at
            """, Secrets.digest(name), others.seal(content), life.toSeconds()));
    }

    /// Looks for what was kept under a name, and changes nothing.
    public Optional<byte[]> look(String name) {
        return db.read(tx -> tx.query(
            "SELECT content FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now()",
            Secrets.digest(name)).optional(row -> row.text("content"))).flatMap(others::open);
    }

    /// Takes what was kept under a name: it can be taken once.
    public Optional<byte[]> remove(String name) {
        return db.note(tx -> remove(tx, name));
    }

    /// The same as part of a transaction.
    public Optional<byte[]> remove(NoteTx tx, String name) {
        return tx.query("DELETE FROM sign_in_flows WHERE digest = ? AND expires_at > roster_now() RETURNING content",
            Secrets.digest(name)).optional(row -> row.text("content")).flatMap(others::open);
    }

    /// Whether this may be a cookie of ours.
    public static boolean isCookie(String sent) {
        return sent.length() == 43 && sent.getBytes(StandardCharsets.UTF_8).length == 43;
    }
}
