package roster.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.http.Request;
import roster.base.secret.Secrets;
import roster.base.work.RateLimit;
import roster.model.Caller;
import roster.model.Caller.Credentials;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NoApiKey;
import roster.model.Problem.TooManyRequests;
import roster.model.Refused;
import roster.model.User;

/// From keys to callers: the only place that decides who somebody is. Reads the tables of other rooms by itself, as it
/// must know them all.
public final class Callers implements Database.Admission {
    private static final int API_KEY_LENGTH = 32;
    private static final int APPLICATION_KEY_LENGTH = 40;
    private static final int KNOWN_MAX = 10_000;

    /// The form of tokens; where it is not met nobody asks the database.
    private static final String TOKEN_FORM = "dd[ps]at_[0-9A-Za-z]{22}_[0-9A-Za-z]{36}";
    private static final Pattern TOKEN = Pattern.compile(TOKEN_FORM);
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(" + TOKEN_FORM + ") *");

    private final Database db;
    private final Rights rights;
    private final LastUse lastUse;
    private final Optional<RateLimit> unknownPerAddress;
    private final InstantSource clock;

    // Callers by the digest of their keys, good as long as their organisation has the version and stamp they were read
    // at; else they are looked up again without further ado. Unknown digests are never remembered, but look-ups of the
    // same one that are under way at the same time are one look-up, and an address has only so many.
    private final Cache<ByteBuffer, Caller> known = Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();
    private final ConcurrentHashMap<ByteBuffer, CompletableFuture<Optional<Caller>>> underWay =
        new ConcurrentHashMap<>();

    public Callers(Database db, Rights rights, Optional<RateLimit> unknownPerAddress, LastUse lastUse,
        InstantSource clock) {
        this.clock = clock;
        this.lastUse = lastUse;
        this.db = db;
        this.rights = rights;
        this.unknownPerAddress = unknownPerAddress;
    }

    /// Whoever holds the API key, and nothing about a user.
    ///
    /// @throws Refused with NoApiKey, BadKeys or TooManyRequests
    public Caller withApiKey(Request request) {
        var key = apiKey(request);
        return found(request, key, () -> db.read(tx -> byApiKey(tx, request, key)));
    }

    /// The owner of the application key, in the organisation of the API key; or of a token, which stands for both.
    ///
    /// @throws Refused with NoApiKey, BadKeys or TooManyRequests
    public Caller withBothKeys(Request request) {
        var token = token(request);
        if (token.isPresent()) {
            return withToken(request, token.get());
        }
        var key = apiKey(request);
        var application = wellFormed(request.header("DD-APPLICATION-KEY"), APPLICATION_KEY_LENGTH);
        return found(request, key + application, () -> db.read(tx -> byKeys(tx, request, key, application)));
    }

    /// A token is a bearer's, or stands where an application key would; an API key beside it there must be good too.
    private Caller withToken(Request request, String token) {
        var key = bearer(request).isPresent() ? Optional.<String>empty()
            : request.header("DD-API-KEY").filter(sent -> !sent.isEmpty());
        key.ifPresent(sent -> wellFormed(Optional.of(sent), API_KEY_LENGTH));
        return found(request, key.orElse("") + token, () -> db.read(tx -> byToken(tx, request, token, key)));
    }

    private static Optional<String> token(Request request) {
        return bearer(request).or(() -> request.header("DD-APPLICATION-KEY").filter(TOKEN.asMatchPredicate()));
    }

    private static Optional<String> bearer(Request request) {
        return request.header("Authorization").map(BEARER::matcher).filter(Matcher::matches)
            .map(found -> found.group(1));
    }

    /// Where the sender's address stands in sending keys that are unknown.
    public Optional<RateLimit.Standing> unknownStanding(Request request) {
        return unknownPerAddress.map(limit -> limit.look(request.address()));
    }

    private static String apiKey(Request request) {
        var sent = request.header("DD-API-KEY").filter(key -> !key.isEmpty());
        if (sent.isEmpty()) {
            // A bearer's token would do in the place of both keys; this one has not the form of any.
            throw new Refused(request.header("Authorization").isPresent() ? new BadKeys() : new NoApiKey());
        }
        return wellFormed(sent, API_KEY_LENGTH);
    }

    /// What cannot be a key is refused without asking the database.
    private static String wellFormed(Optional<String> sent, int length) {
        return sent.filter(key -> key.length() == length && isLowerHex(key))
            .orElseThrow(() -> new Refused(new BadKeys()));
    }

    private static boolean isLowerHex(String key) {
        for (int i = 0; i < key.length(); i++) {
            var c = key.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private Caller found(Request request, String secret, Supplier<Optional<Caller>> lookup) {
        var digest = ByteBuffer.wrap(Secrets.digest(secret));
        var remembered = known.getIfPresent(digest);
        if (remembered != null) {
            var now = still(remembered).or(lookup);
            if (now.isEmpty()) {
                known.invalidate(digest);
                throw new Refused(new BadKeys());
            }
            if (!now.get().equals(remembered)) {
                known.put(digest, now.get());
            }
            lastUse.mark(now.get());
            return now.get().asking(request.id(), Optional.of(request.address().getHostAddress()));
        }
        unknownStanding(request).filter(standing -> !standing.allowed()).ifPresent(standing -> {
            throw new Refused(new TooManyRequests(standing.resetSeconds()));
        });
        var caller = shared(digest, lookup);
        if (caller.isEmpty()) {
            unknownPerAddress.ifPresent(limit -> limit.take(request.address()));
            throw new Refused(new BadKeys());
        }
        known.put(digest, caller.get());
        lastUse.mark(caller.get());
        return caller.get();
    }

    /// The caller as of now, if his organisation is as it was, or nothing since touched what anybody may do.
    private Optional<Caller> still(Caller caller) {
        if (caller.credentials().goodUntil().filter(until -> !until.isAfter(clock.instant())).isPresent()) {
            return Optional.empty();
        }
        return db.versions().now(caller.org()).filter(now -> db.keepsAccess(caller, now))
            .map(now -> caller.at(now.version(), now.stamp()));
    }

    /// Asks once for all who ask for the same unknown digest at the same time. That it is unknown is the answer for all
    /// of them; a caller that was found is only the asker's own, since the others may have come after a revocation. A
    /// look-up that somebody finds under way may not know of a key that was issued before he came: if it found nothing,
    /// he takes part in the next one.
    private Optional<Caller> shared(ByteBuffer digest, Supplier<Optional<Caller>> lookup) {
        var mine = new CompletableFuture<Optional<Caller>>();
        var earlier = underWay.putIfAbsent(digest, mine);
        if (earlier != null && outcome(earlier).isEmpty()) {
            earlier = underWay.putIfAbsent(digest, mine);
            if (earlier != null && outcome(earlier).isEmpty()) {
                return Optional.empty();
            }
        }
        if (earlier != null) {
            return lookup.get();
        }
        try {
            var found = lookup.get();
            underWay.remove(digest); // first: whoever has waited for this one must not find it again
            mine.complete(found);
        } catch (RuntimeException | Error e) {
            underWay.remove(digest);
            mine.completeExceptionally(e);
        }
        return outcome(mine);
    }

    private static Optional<Caller> outcome(CompletableFuture<Optional<Caller>> lookup) {
        try {
            return lookup.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private Optional<Caller> byApiKey(Tx tx, Request request, String key) {
        return tx.query("""
            SELECT o.id AS org_id, o.version, o.stamp, a.id AS api_key_id
              FROM key_pointers p
              JOIN orgs o ON o.id = p.org_id AND NOT o.disabled
              JOIN api_keys a ON a.org_id = p.org_id AND a.id = p.id AND a.digest = p.digest
             WHERE p.digest = ? AND p.kind = 'api_key'
            """, Secrets.digest(key))
            .optional(
                row -> new Caller(Caller.Kind.API_KEY, new Org.Id(row.uuid("org_id")), Optional.empty(), "api key",
                    new Credentials(Optional.of(row.uuid("api_key_id")), Optional.empty(), Optional.empty(),
                        Optional.empty()),
                    Set.of(), row.number("version"),
                    row.number("stamp"), List.of(),
                    request.id(), Optional.of(request.address().getHostAddress())));
    }

    private Optional<Caller> byKeys(Tx tx, Request request, String key, String applicationKey) {
        return tx.query("""
            SELECT o.id AS org_id, o.version, o.stamp, a.id AS api_key_id, k.id AS application_key_id,
                   NULL::uuid AS access_token_id, NULL::timestamptz AS expires_at, clock_timestamp() AS asked_at,
                   k.scopes, u.id AS user_id, u.handle, u.service_account
              FROM key_pointers p
              JOIN orgs o ON o.id = p.org_id AND NOT o.disabled
              JOIN api_keys a ON a.org_id = p.org_id AND a.id = p.id AND a.digest = p.digest
              JOIN key_pointers q ON q.org_id = p.org_id AND q.digest = ? AND q.kind = 'application_key'
              JOIN application_keys k ON k.org_id = q.org_id AND k.id = q.id AND k.digest = q.digest
              JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id AND NOT u.disabled
             WHERE p.digest = ? AND p.kind = 'api_key'
            """, Secrets.digest(applicationKey), Secrets.digest(key))
            .optional(row -> caller(tx, row, request.id(), Optional.of(request.address().getHostAddress()), List.of()));
    }

    private Optional<Caller> byToken(Tx tx, Request request, String token, Optional<String> key) {
        return tx.query("""
            SELECT o.id AS org_id, o.version, o.stamp, a.id AS api_key_id, NULL::uuid AS application_key_id,
                   t.id AS access_token_id, t.expires_at, clock_timestamp() AS asked_at, t.scopes, u.id AS user_id,
                   u.handle, u.service_account
              FROM key_pointers p
              JOIN orgs o ON o.id = p.org_id AND NOT o.disabled
              JOIN access_tokens t ON t.org_id = p.org_id AND t.id = p.id AND t.digest = p.digest
               AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())
              JOIN users u ON u.org_id = t.org_id AND u.id = t.user_id AND NOT u.disabled
              LEFT JOIN key_pointers q ON q.org_id = p.org_id AND q.digest = ?::bytea AND q.kind = 'api_key'
              LEFT JOIN api_keys a ON a.org_id = q.org_id AND a.id = q.id AND a.digest = q.digest
             WHERE p.digest = ? AND p.kind = 'access_token' AND (?::bytea IS NULL OR a.id IS NOT NULL)
            """, key.map(Secrets::digest), Secrets.digest(token), key.map(Secrets::digest))
            .optional(row -> caller(tx, row, request.id(), Optional.of(request.address().getHostAddress()), List.of()));
    }

    @Override
    public Caller again(Tx tx, Caller caller) {
        var now = (caller.accessToken().isPresent() ? tx.query("""
            SELECT o.id AS org_id, o.version, o.stamp, a.id AS api_key_id, NULL::uuid AS application_key_id,
                   t.id AS access_token_id, t.expires_at, clock_timestamp() AS asked_at, t.scopes, u.id AS user_id,
                   u.handle, u.service_account
              FROM orgs o
              JOIN access_tokens t ON t.org_id = o.id AND t.id = ? AND t.revoked_at IS NULL
               AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())
              JOIN users u ON u.org_id = o.id AND u.id = t.user_id AND NOT u.disabled
              LEFT JOIN api_keys a ON a.org_id = o.id AND a.id = ?::uuid
             WHERE o.id = ? AND NOT o.disabled AND (?::uuid IS NULL OR a.id IS NOT NULL)
            """, caller.accessToken(), caller.apiKey(), caller.org(), caller.apiKey()) : tx.query("""
            SELECT o.id AS org_id, o.version, o.stamp, a.id AS api_key_id, k.id AS application_key_id,
                   NULL::uuid AS access_token_id, NULL::timestamptz AS expires_at, clock_timestamp() AS asked_at, k.scopes,
                   u.id AS user_id, u.handle, u.service_account
              FROM orgs o
              JOIN api_keys a ON a.org_id = o.id AND a.id = ?
              JOIN application_keys k ON k.org_id = o.id AND k.id = ?
              JOIN users u ON u.org_id = o.id AND u.id = k.user_id AND NOT u.disabled
             WHERE o.id = ? AND NOT o.disabled
            """, caller.apiKey(), caller.applicationKey(), caller.org()))
            .optional(row -> caller(tx, row, caller.requestId(), caller.address(), caller.needed()))
            .orElseThrow(() -> new Refused(new BadKeys()));
        mustHoldOneOf(now);
        AllowedNetworks.mustAdmit(tx, now);
        return now;
    }

    /// @throws Refused with Forbidden if he holds none of what he needs
    static void mustHoldOneOf(Caller caller) {
        if (!caller.needed().isEmpty() && caller.needed().stream().noneMatch(caller::holds)) {
            throw new Refused(new Forbidden(caller.needed().getFirst()));
        }
    }

    private Caller caller(Tx tx, Row row, String requestId, Optional<String> address, List<Permission> needed) {
        var org = new Org.Id(row.uuid("org_id"));
        var user = new User.Id(row.uuid("user_id"));
        var held = rights.of(tx, org, user);
        held.addAll(Catalogue.EVERYONE);
        row.optionalTexts("scopes").ifPresent(scopes -> held.retainAll(scopes.stream().map(Permission::new).toList()));
        return new Caller(row.bool("service_account") ? Caller.Kind.SERVICE_ACCOUNT : Caller.Kind.USER, org,
            Optional.of(user), row.text("handle"), new Credentials(row.optionalUuid("api_key_id"),
                row.optionalUuid("application_key_id"), row.optionalUuid("access_token_id"),
                row.optionalInstant("expires_at").map(at -> hereAt(row.instant("asked_at"), at))),
            Set.copyOf(held), row.number("version"), row.number("stamp"),
            needed, requestId,
            address);
    }

    /// What moment this node's clock will show: it need not go like that of the database.
    private Instant hereAt(Instant databaseNow, Instant databaseThen) {
        return clock.instant().plus(Duration.between(databaseNow, databaseThen));
    }

    /// The key's id, for those who ask who they are by API key alone.
    public static UUID apiKeyId(Caller caller) {
        return caller.apiKey().orElseThrow();
    }
}
