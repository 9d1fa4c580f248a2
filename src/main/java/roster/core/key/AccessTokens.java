package roster.core.key;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.ByKeys;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.access.Grants;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.user.UserLife;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Permission;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Access tokens of people and of service accounts, each of which stands for both keys: their rules, and the SQL of the
/// `access_tokens` table. A token can do what its scopes name, as far as its owner may. Its secret is shown once; only its
/// digest is kept.
public final class AccessTokens implements UserLife {
    /// How many a user may have that are not revoked, expired ones included.
    public static final int PER_USER_MAX = 1000;

    /// The shortest life of a token that expires.
    public static final Duration LIFE_MIN = Duration.ofHours(24);

    private static final String KIND = "access_token";
    private static final String PERSONAL = "ddpat";
    static final String OF_SERVICE = "ddsat";
    private static final int PUBLIC_LENGTH = 22;
    private static final int SECRET_LENGTH = 36;

    /// @param ofService whether its owner is a service account
    public record AccessToken(Keys.Key id, String name, String publicMiddle, User.Id owner, boolean ofService,
        List<String> scopes, Instant createdAt, Optional<Instant> modifiedAt, Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("name", name);
            facts.put("public_portion", publicPortion());
            facts.put("owner", owner.toString());
            facts.put("scopes", scopes);
            facts.put("created_at", createdAt.toString());
            facts.put("expires_at", expiresAt.map(Instant::toString).orElse(null));
            return facts;
        }

        /// What tells the token from others without its secret.
        public String publicPortion() {
            return ofService ? OF_SERVICE + "_" + publicMiddle : publicMiddle;
        }
    }

    /// A token just issued: the only moment at which it is readable.
    public record Issued(AccessToken token, String secret) {
        @Override
        public String toString() {
            return "Issued[" + token.id() + "]";
        }
    }

    /// What a list may be sorted by. Ties: by id.
    public enum Sort {
        NAME("lower(k.name)"),
        CREATED_AT("k.created_at"),
        EXPIRES_AT("COALESCE(k.expires_at, 'infinity')"),
        LAST_USED_AT("COALESCE(k.last_used_at, '-infinity')");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// @param text substring of the name, letter case ignored
    /// @param owners only theirs, if given
    public record Filter(Optional<String> text, Optional<List<User.Id>> owners) {}

    /// @param scopes names of permissions
    /// @param id that the token is to have; none: a new one
    public record Wish(String name, List<String> scopes, Optional<Instant> expiresAt, Optional<Keys.Key> id) {
        public Wish(String name, List<String> scopes, Optional<Instant> expiresAt) {
            this(name, scopes, expiresAt, Optional.empty());
        }
    }

    /// What is absent stays.
    public record Edit(Optional<String> name, Optional<List<String>> scopes) {}

    private static final String COLUMNS = """
        k.id, k.name, k.public_portion, k.user_id, u.service_account, k.scopes, k.created_at, k.modified_at, k.expires_at,
        k.last_used_at""";

    private static final String FROM =
        "FROM access_tokens k JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id";

    private final AuditLog audit;
    private final Grants grants;

    public AccessTokens(AuditLog audit, Grants grants) {
        this.audit = audit;
        this.grants = grants;
    }

    /// Whose tokens a caller may read: those of all with `org_app_keys_read`, else only their own.
    ///
    /// @return the only owner; none for all
    public static Optional<User.Id> readableBy(Caller caller) {
        return ownUnless(caller, Permission.ORG_APP_KEYS_READ);
    }

    /// Whose tokens a caller may change and revoke: those of all with `org_app_keys_write`, else only their own.
    ///
    /// @return the only owner; none for all
    public static Optional<User.Id> changeableBy(Caller caller) {
        return ownUnless(caller, Permission.ORG_APP_KEYS_WRITE);
    }

    private static Optional<User.Id> ownUnless(Caller caller, Permission ofAll) {
        return caller.holds(ofAll) ? Optional.empty() : Optional.of(caller.user().orElseThrow());
    }

    public Page<AccessToken> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging) {
        var where = Where.of("k.org_id = ? AND k.revoked_at IS NULL", org)
            .andIf(filter.owners(), "k.user_id = ANY (?::uuid[])");
        KeyList.named(where, filter.text());
        return KeyList.page(tx, new Listing(COLUMNS, FROM, where), sort.column, descending, paging,
            AccessTokens::token);
    }

    /// These tokens; revoked ones, and ids that are none of the organisation's, are skipped.
    public List<AccessToken> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return tx.query("SELECT " + COLUMNS + ByKeys.from("access_tokens", "id", "k")
            + " JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id WHERE k.revoked_at IS NULL",
            List.copyOf(ids), org).list(AccessTokens::token);
    }

    /// @param id as it was sent
    /// @param owner whose it must be; none: anyone's
    /// @throws Refused with [NotFound], also if it was revoked
    public AccessToken named(Tx tx, Org.Id org, String id, Optional<User.Id> owner) {
        return find(tx, org, id, owner, false).orElseThrow(AccessTokens::unknown);
    }

    private static Refused unknown() {
        return new Refused(new NotFound("Access token not found"));
    }

    private static Optional<AccessToken> find(Tx tx, Org.Id org, String id, Optional<User.Id> owner,
        boolean revokedToo) {
        return Id.parse(id).flatMap(uuid -> {
            var where = Where.of("k.org_id = ? AND k.id = ?", org, uuid).andIf(owner, "k.user_id = ?");
            if (!revokedToo) {
                where.and("k.revoked_at IS NULL");
            }
            return tx.query("SELECT " + COLUMNS + " " + FROM + where.sql(), where.values().toArray())
                .optional(AccessTokens::token);
        });
    }

    /// Issues a token to the caller, who must be a person.
    ///
    /// @throws Refused as [#issue] does; with [Unfit] for a service account or a token that never expires
    public Issued issueOwn(WriteTx tx, Wish wish) {
        if (wish.expiresAt().isEmpty()) {
            throw new Refused(new Invalid("expires_at", "Missing data for required field."));
        }
        return issue(tx, tx.caller().user().orElseThrow(AccessTokens::unknown), PERSONAL, wish);
    }

    /// Issues a token to a service account.
    ///
    /// @throws Refused as [#issue] does; with [Forbidden] if the account may do more than the caller, [Unfit] if it is disabled
    public Issued issueFor(WriteTx tx, User account, Wish wish) {
        if (account.disabled()) { // it would begin to work on the day the account is enabled again
            throw new Refused(new Unfit("User %s is disabled".formatted(account.handle())));
        }
        grants.mustHoldAllOf(tx, account.id());
        return issue(tx, account.id(), OF_SERVICE, wish);
    }

    /// @throws Refused with [Invalid] for a bad name or no scope, [Unfit] for an unknown scope, an expiry too near or too
    ///     many tokens, [Forbidden] for a scope that the caller does not hold
    private Issued issue(WriteTx tx, User.Id owner, String prefix, Wish wish) {
        var name = Keys.named(wish.name());
        var scopes = checked(tx, wish.scopes());
        wish.expiresAt().filter(at -> at.isBefore(tx.now().plus(LIFE_MIN))).ifPresent(at -> {
            throw new Refused(new Unfit("expires_at must be at least 24 hours in the future"));
        });
        Keys.mustBeBelow(
            tx.query("SELECT count(*) AS n FROM access_tokens WHERE org_id = ? AND user_id = ? AND revoked_at IS NULL",
                tx.org(), owner).one(row -> row.number("n")),
            PER_USER_MAX);
        var key = wish.id().orElseGet(() -> new Keys.Key(tx.newId()));
        var middle = tx.randomness().alphanumeric(PUBLIC_LENGTH);
        var secret = String.join("_", prefix, middle, tx.randomness().alphanumeric(SECRET_LENGTH));
        Keys.point(tx, KIND, key, secret);
        tx.update("""
            INSERT INTO access_tokens (org_id, id, user_id, name, public_portion, digest, scopes, created_at, expires_at,
                                       version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), key, owner, name, middle, Secrets.digest(secret), scopes, tx.now(), wish.expiresAt(),
            tx.version());
        var token = named(tx, tx.org(), key.value().toString(), Optional.empty());
        if (token.ofService() != prefix.equals(OF_SERVICE)) {
            throw new Refused(new Unfit("Service accounts have service access tokens"));
        }
        audit.record(tx, "access_token.issued", subject(token), Change.created(token.facts()));
        return new Issued(token, secret);
    }

    private List<String> checked(WriteTx tx, List<String> scopes) {
        var each = scopes.stream().distinct().toList();
        if (each.isEmpty()) {
            throw new Refused(new Invalid("scopes", "Shorter than minimum length 1."));
        }
        grants.mustBeGivable(tx, Optional.of(each));
        return each;
    }

    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound], and as [#issueOwn] does for name and scopes
    public AccessToken update(WriteTx tx, String id, Optional<User.Id> owner, Edit edit) {
        var old = named(tx, tx.org(), id, owner);
        var name = edit.name().map(Keys::named).orElse(old.name());
        var scopes = edit.scopes().map(sent -> sent.stream().distinct().toList())
            .filter(sent -> !sent.equals(old.scopes())).map(sent -> checked(tx, sent))
            .orElse(old.scopes());
        if (!old.scopes().containsAll(scopes) && !tx.caller().user().equals(Optional.of(old.owner()))) {
            grants.mustHoldAllOf(tx, old.owner());
        }
        if (name.equals(old.name()) && scopes.equals(old.scopes())) {
            return old;
        }
        tx.update("""
            UPDATE access_tokens SET name = ?, scopes = ?, modified_at = ?, version = ? WHERE org_id = ? AND id = ?
            """, name, scopes, tx.now(), tx.version(), tx.org(), old.id());
        var now = named(tx, tx.org(), id, owner);
        audit.record(tx, "access_token.updated", subject(now), Change.between(old.facts(), now.facts()));
        return now;
    }

    /// Revokes a token: refused from the commit on. No-op if it is revoked already.
    ///
    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound]
    public void revoke(WriteTx tx, String id, Optional<User.Id> owner) {
        var token = find(tx, tx.org(), id, owner, true).orElseThrow(AccessTokens::unknown);
        var ended = tx.update("""
            UPDATE access_tokens SET revoked_at = ?, version = ? WHERE org_id = ? AND id = ? AND revoked_at IS NULL
            """, tx.now(), tx.version(), tx.org(), token.id());
        if (ended > 0) {
            audit.record(tx, "access_token.revoked", subject(token), Change.deleted(token.facts()));
        }
    }

    /// @return whether there is such a token, not revoked
    boolean revoke(WriteTx tx, Keys.Key key) {
        var found = find(tx, tx.org(), key.value().toString(), Optional.empty(), false);
        found.ifPresent(token -> {
            tx.update("UPDATE access_tokens SET revoked_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(),
                tx.version(), tx.org(), token.id());
            audit.record(tx, "access_token.revoked", subject(token), Change.deleted(token.facts()));
        });
        return found.isPresent();
    }

    /// All of an organisation that are not revoked, by name.
    List<Keys.Listed> all(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT t.id, t.name, t.public_portion, t.user_id, u.handle, t.scopes, t.created_at
              FROM access_tokens t JOIN users u ON u.org_id = t.org_id AND u.id = t.user_id
             WHERE t.org_id = ? AND t.revoked_at IS NULL ORDER BY t.name, t.id
            """, org)
            .list(row -> new Keys.Listed(KIND, row.uuid("id"), row.text("name"), row.text("public_portion"),
                row.optionalUuid("user_id").map(User.Id::new), row.optionalText("handle"), row.optionalTexts("scopes"),
                row.instant("created_at")));
    }

    /// Revokes all tokens of users. They do not come back when the users are enabled again.
    @Override
    public Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
        var ended = tx.later(AccessTokens::token, """
            UPDATE access_tokens k SET revoked_at = ?, version = ?
              FROM users u
             WHERE k.org_id = ? AND k.user_id = ANY (?::uuid[]) AND k.revoked_at IS NULL AND u.org_id = k.org_id
               AND u.id = k.user_id
            RETURNING\s""" + COLUMNS, tx.now(), tx.version(), tx.org(), users.stream().map(User::id).toList());
        return () -> {
            var tokens = ended.get();
            audit.recordDeleted(tx, "access_token.revoked",
                tokens.stream().map(token -> new AuditLog.Snapshot(subject(token), token.facts())).toList());
            return UserLife.ended("access_tokens", tokens, AccessToken::owner, token -> token.id().value());
        };
    }

    /// Deletes all tokens of the user, those that were revoked before included.
    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        var ended = disabled(tx, List.of(user)).get().getOrDefault(user.id(), Map.of());
        tx.update("DELETE FROM access_tokens WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return ended;
    }

    private static Subject subject(AccessToken token) {
        return new Subject(KIND, token.id(), token.name()).about(token.owner());
    }

    private static AccessToken token(Row row) {
        return new AccessToken(new Keys.Key(row.uuid("id")), row.text("name"), row.text("public_portion"),
            new User.Id(row.uuid("user_id")), row.bool("service_account"), row.texts("scopes"),
            row.instant("created_at"), row.optionalInstant("modified_at"), row.optionalInstant("expires_at"),
            row.optionalInstant("last_used_at"));
    }
}
