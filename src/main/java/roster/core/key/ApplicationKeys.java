package roster.core.key;

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
import roster.core.key.Keys.Issued;
import roster.core.user.UserLife;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Application keys, each of which acts for its owner: their rules, and the SQL of the `application_keys` table. A secret
/// is shown once, when the key is issued; only its digest is kept.
public final class ApplicationKeys implements UserLife {
    /// How many a user may have.
    public static final int PER_USER_MAX = 1000;

    private static final String KIND = "application_key";
    private static final int SECRET_BYTES = 20;

    /// @param scopes none: everything the owner may do; empty: nothing, for keys of earlier versions of Roster
    public record ApplicationKey(Keys.Key id, String name, String last4, User.Id owner, Optional<List<String>> scopes,
        Instant createdAt, Optional<Instant> lastUsedAt) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("name", name);
            facts.put("last4", last4);
            facts.put("owner", owner.toString());
            facts.put("scopes", scopes.orElse(null));
            facts.put("created_at", createdAt.toString());
            return facts;
        }

        private Subject subject() {
            return new Subject(KIND, id, name).about(owner);
        }
    }

    /// What a list may be sorted by. Ties: by id.
    public enum Sort {
        NAME("lower(k.name)"),
        CREATED_AT("k.created_at"),
        LAST4("k.last4");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// @param text substring of the name, letter case ignored
    /// @param owner only theirs, if given
    public record Filter(Optional<String> text, KeyList.Span created, Optional<User.Id> owner) {}

    /// @param scopes names of permissions, each once; none, or an empty list: everything the owner may do
    /// @param id that the key is to have; none: a new one
    public record Wish(String name, Optional<List<String>> scopes, Optional<Keys.Key> id) {
        public Wish {
            scopes = restriction(scopes);
        }

        public Wish(String name, Optional<List<String>> scopes) {
            this(name, scopes, Optional.empty());
        }
    }

    /// What is absent stays.
    ///
    /// @param scopes an empty Optional in it, or an empty list, takes the restriction away
    public record Edit(Optional<String> name, Optional<Optional<List<String>>> scopes) {
        @SuppressWarnings("OptionalMapToOptional") // absent and none mean different things
        public Edit {
            scopes = scopes.map(ApplicationKeys::restriction);
        }
    }

    private static Optional<List<String>> restriction(Optional<List<String>> scopes) {
        return scopes.map(names -> names.stream().distinct().toList()).filter(names -> !names.isEmpty());
    }

    private static final String COLUMNS = "k.id, k.name, k.last4, k.user_id, k.scopes, k.created_at, k.last_used_at";

    private static final String FROM = "FROM application_keys k";

    private final AuditLog audit;
    private final Grants grants;

    public ApplicationKeys(AuditLog audit, Grants grants) {
        this.audit = audit;
        this.grants = grants;
    }

    /// A new secret in the contract's form: 40 lower-case hex characters.
    public static String newSecret(WriteTx tx) {
        return tx.randomness().hex(SECRET_BYTES);
    }

    /// Whether a preset secret has the form of an application key.
    public static boolean isSecret(String text) {
        return text.matches("[0-9a-f]{40}");
    }

    /// Issues a key to the caller.
    ///
    /// @throws Refused with [NotFound] for a caller who is no user, and as [#issue(WriteTx, User, Wish)] does
    public Issued issueOwn(WriteTx tx, Wish wish) {
        return issued(tx, tx.caller().user().orElseThrow(ApplicationKeys::unknown), wish, newSecret(tx));
    }

    /// Issues a key to a service account, for callers who look after it.
    ///
    /// @throws Refused as [#issue(WriteTx, User, Wish)] does, and with [Forbidden] if the account holds more than the caller
    public Issued issueFor(WriteTx tx, User account, Wish wish) {
        grants.mustHoldAllOf(tx, account.id());
        return issue(tx, account, wish);
    }

    /// Issues a key to a user of the organisation.
    ///
    /// @throws Refused with [Invalid] for a bad name, [Unfit] for a disabled owner, an unknown scope or beyond
    ///     [#PER_USER_MAX], [Forbidden] for a scope that the caller does not hold
    public Issued issue(WriteTx tx, User owner, Wish wish) {
        return issue(tx, owner, wish, newSecret(tx));
    }

    /// Issues a key with a preset secret: the first key of an installation may have one.
    ///
    /// @param secret as [#isSecret] has it
    /// @throws Refused as [#issue(WriteTx, User, Wish)] does, and with [Unfit] for a secret in use
    public Issued issue(WriteTx tx, User owner, Wish wish, String secret) {
        if (owner.disabled()) { // it would begin to work on the day they are enabled again
            Keys.named(wish.name());
            throw new Refused(new Unfit("User %s is disabled".formatted(owner.handle())));
        }
        return issued(tx, owner.id(), wish, secret);
    }

    private Issued issued(WriteTx tx, User.Id owner, Wish wish, String secret) {
        var name = Keys.named(wish.name());
        grants.mustBeGivable(tx, wish.scopes());
        Keys.mustBeBelow(tx.query("SELECT count(*) AS n FROM application_keys WHERE org_id = ? AND user_id = ?",
            tx.org(), owner).one(row -> row.number("n")), PER_USER_MAX);
        var key = wish.id().orElseGet(() -> new Keys.Key(tx.newId()));
        Keys.point(tx, KIND, key, secret);
        tx.update("""
            INSERT INTO application_keys (org_id, id, user_id, name, last4, digest, scopes, created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), key, owner, name, Keys.last4(secret), Secrets.digest(secret), wish.scopes(), tx.now(),
            tx.version());
        var issued =
            new ApplicationKey(key, name, Keys.last4(secret), owner, wish.scopes(), tx.now(), Optional.empty());
        audit.record(tx, "application_key.issued", issued.subject(), Change.created(issued.facts()));
        return new Issued(key.value(), secret);
    }

    public Page<ApplicationKey> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging) {
        var where = Where.of("k.org_id = ?", org).andIf(filter.owner(), "k.user_id = ?");
        KeyList.named(where, filter.text());
        filter.created().addTo(where, "k.created_at");
        return KeyList.page(tx, new Listing(COLUMNS, FROM, where), sort.column, descending, paging,
            ApplicationKeys::key);
    }

    /// These keys; ids that are none of the organisation's are skipped.
    public List<ApplicationKey> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return tx.query("SELECT " + COLUMNS + ByKeys.from("application_keys", "id", "k"), List.copyOf(ids), org)
            .list(ApplicationKeys::key);
    }

    /// @param id as it was sent
    /// @param owner whose it must be; none: anyone's
    /// @throws Refused with [NotFound]
    public ApplicationKey named(Tx tx, Org.Id org, String id, Optional<User.Id> owner) {
        return Id.parse(id).flatMap(uuid -> find(tx, org, uuid, owner)).orElseThrow(ApplicationKeys::unknown);
    }

    private static Optional<ApplicationKey> find(Tx tx, Org.Id org, UUID id, Optional<User.Id> owner) {
        var where = Where.of("k.org_id = ? AND k.id = ?", org, id).andIf(owner, "k.user_id = ?");
        return tx.query("SELECT " + COLUMNS + " " + FROM + where.sql(), where.values().toArray())
            .optional(ApplicationKeys::key);
    }

    private static Refused unknown() {
        return new Refused(new NotFound("Application key not found"));
    }

    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound], and as [#issue(WriteTx, User, Wish)] does for name and scopes
    public ApplicationKey update(WriteTx tx, String id, Optional<User.Id> owner, Edit edit) {
        var old = named(tx, tx.org(), id, owner);
        var scopes = edit.scopes().orElse(old.scopes());
        if (!scopes.equals(old.scopes())) {
            grants.mustBeGivable(tx, scopes);
            if (widens(old.scopes(), scopes) && !tx.caller().user().equals(Optional.of(old.owner()))) {
                grants.mustHoldAllOf(tx, old.owner());
            }
        }
        var now = new ApplicationKey(old.id(), edit.name().map(Keys::named).orElse(old.name()), old.last4(),
            old.owner(), scopes, old.createdAt(), old.lastUsedAt());
        if (!now.equals(old)) {
            tx.update("UPDATE application_keys SET name = ?, scopes = ?, version = ? WHERE org_id = ? AND id = ?",
                now.name(), now.scopes(), tx.version(), tx.org(), old.id());
            audit.record(tx, "application_key.updated", now.subject(), Change.between(old.facts(), now.facts()));
        }
        return now;
    }

    private static boolean widens(Optional<List<String>> old, Optional<List<String>> scopes) {
        return old.isPresent() && (scopes.isEmpty() || !old.get().containsAll(scopes.get()));
    }

    /// Revokes a key: refused from the commit on.
    ///
    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound]
    public void revoke(WriteTx tx, String id, Optional<User.Id> owner) {
        revoke(tx, named(tx, tx.org(), id, owner));
    }

    /// @return whether there is such a key
    boolean revoke(WriteTx tx, Keys.Key key) {
        var found = find(tx, tx.org(), key.value(), Optional.empty());
        found.ifPresent(known -> revoke(tx, known));
        return found.isPresent();
    }

    private void revoke(WriteTx tx, ApplicationKey key) {
        tx.update("DELETE FROM application_keys WHERE org_id = ? AND id = ?", tx.org(), key.id());
        tx.gone(KIND, key.id());
        audit.record(tx, "application_key.revoked", key.subject(), Change.deleted(key.facts()));
    }

    /// All of an organisation, by name.
    List<Keys.Listed> all(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT k.id, k.name, k.last4, k.user_id, u.handle, k.scopes, k.created_at
              FROM application_keys k JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id
             WHERE k.org_id = ? ORDER BY k.name, k.id
            """, org)
            .list(row -> new Keys.Listed(KIND, row.uuid("id"), row.text("name"), row.text("last4"),
                row.optionalUuid("user_id").map(User.Id::new), row.optionalText("handle"), row.optionalTexts("scopes"),
                row.instant("created_at")));
    }

    /// How many keys of the installation can do nothing: earlier versions of Roster stored an empty list of scopes as
    /// such. They stay as they are until their scopes are edited.
    public long powerless(Tx tx) {
        return tx.query("SELECT count(*) AS n FROM application_keys WHERE scopes = '{}'").one(row -> row.number("n"));
    }

    /// Ends all keys of users. They do not come back when the users are enabled again.
    @Override
    public Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
        var ended = tx.later(ApplicationKeys::key, """
            DELETE FROM application_keys k WHERE k.org_id = ? AND k.user_id = ANY (?::uuid[])
            RETURNING\s""" + COLUMNS, tx.org(), users.stream().map(User::id).toList());
        return () -> {
            var keys = ended.get();
            if (!keys.isEmpty()) {
                tx.gone(KIND, keys.stream().map(key -> key.id().value()).toList());
            }
            audit.recordDeleted(tx, "application_key.revoked",
                keys.stream().map(key -> new AuditLog.Snapshot(key.subject(), key.facts())).toList());
            return UserLife.ended("application_keys", keys, ApplicationKey::owner, key -> key.id().value());
        };
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        return disabled(tx, List.of(user)).get().getOrDefault(user.id(), Map.of());
    }

    private static ApplicationKey key(Row row) {
        return new ApplicationKey(new Keys.Key(row.uuid("id")), row.text("name"), row.text("last4"),
            new User.Id(row.uuid("user_id")), row.optionalTexts("scopes"), row.instant("created_at"),
            row.optionalInstant("last_used_at"));
    }
}
