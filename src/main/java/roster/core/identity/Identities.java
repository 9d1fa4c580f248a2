package roster.core.identity;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.mail.ShownName;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.session.Proof;
import roster.core.session.Sessions;
import roster.core.session.SignIn.Why;
import roster.core.signin.LinkRows;
import roster.core.signin.LinkRows.Kind;
import roster.core.user.UserLife;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// Which identity at a provider is which user: the rules, and the SQL of `identities`. A user has at most one at a provider,
/// and an identity is at most one user's.
public final class Identities implements UserLife {
    /// @param subject `sub`, which names the identity at the provider for good
    /// @param how it became the user's: `password`, `letter`, `automatic`, `invitation`, `created`, `session`
    public record Identity(UUID id, UUID provider, String issuer, String subject, User.Id user, Instant linkedAt,
        String how, Optional<Instant> lastUsedAt) {
        private Map<String, Object> facts(String providerName) {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("provider", provider.toString());
            facts.put("provider_name", providerName);
            facts.put("issuer", issuer);
            facts.put("subject", subject);
            facts.put("how", how);
            facts.put("linked_at", linkedAt.toString());
            return facts;
        }
    }

    private record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    private static final String SELECT = """
        SELECT i.id, i.provider_id, i.issuer, i.subject, i.user_id, i.linked_at, i.how, i.last_used_at
          FROM identities i WHERE i.org_id = ?""";

    private final AuditLog audit;
    private final Providers providers;
    private final Sessions sessions;
    private final Notices notices;

    Identities(AuditLog audit, Providers providers, Sessions sessions, Notices notices) {
        this.audit = audit;
        this.providers = providers;
        this.sessions = sessions;
        this.notices = notices;
    }

    Optional<Identity> find(Tx tx, Org.Id org, UUID provider, String issuer, String subject) {
        return findLater(tx, org, provider, issuer, subject).get();
    }

    private static Supplier<Optional<Identity>> findLater(Tx tx, Org.Id org, UUID provider, String issuer,
        String subject) {
        return tx.laterOptional(Identities::identity,
            SELECT + " AND i.provider_id = ? AND i.issuer = ? AND i.subject = ?", org, provider, issuer, subject);
    }

    /// The identity that was shown, if it is a user's, asked for with the statement that follows.
    Supplier<Optional<Identity>> knownLater(WriteTx tx, Proof.Identity shown) {
        return findLater(tx, tx.org(), shown.provider(), shown.issuer(), shown.subject());
    }

    /// Those of a user, the first linked first.
    public List<Identity> of(Tx tx, Org.Id org, User.Id user) {
        return tx.query(SELECT + " AND i.user_id = ? ORDER BY i.linked_at, i.id", org, user)
            .list(Identities::identity);
    }

    boolean hasAt(Tx tx, Org.Id org, User.Id user, UUID provider) {
        return hasAtLater(tx, org, user, provider).get();
    }

    private static Supplier<Boolean> hasAtLater(Tx tx, Org.Id org, User.Id user, UUID provider) {
        var found = tx.later(_ -> true,
            "SELECT 1 FROM identities WHERE org_id = ? AND user_id = ? AND provider_id = ?", org, user, provider);
        return () -> !found.get().isEmpty();
    }

    /// An identity that was shown, and what stands about it and about the user whose it is to be.
    ///
    /// @param known as whose it is known
    /// @param hasOne whether the user has one at the provider
    record Shown(Proof.Provider proof, Supplier<Optional<Identity>> known, Supplier<Boolean> hasOne) {
        /// Why a client may not be let in by it, if there is a reason.
        Optional<Why> obstacle() {
            var may = known.get().isPresent() ? known.get().get().user().equals(proof.user())
                : proof.link().isPresent() && !hasOne.get();
            return may ? Optional.empty() : Optional.of(Why.IDENTITY_TAKEN);
        }
    }

    /// What stands about an identity, asked for with the statement that follows.
    Shown shownLater(WriteTx tx, Proof.Provider proof) {
        return new Shown(proof, knownLater(tx, proof.identity()),
            hasAtLater(tx, tx.org(), proof.user(), proof.identity().provider()));
    }

    /// The identity by which a client is let in: it becomes the user's now if it is not yet.
    UUID use(WriteTx tx, User user, Shown shown) {
        var known = shown.known().get();
        if (known.isEmpty()) {
            return link(tx, user, shown.proof());
        }
        tx.later("UPDATE identities SET last_used_at = ? WHERE org_id = ? AND id = ?", tx.now(), tx.org(),
            known.get().id());
        return known.get().id();
    }

    private UUID link(WriteTx tx, User user, Proof.Provider proof) {
        var shown = proof.identity();
        LinkRows.cancel(tx, List.of(user), Optional.of(Kind.CONFIRM)); // what was to be shown by them was so before this one
        var linked = new Identity(tx.newId(), shown.provider(), shown.issuer(), shown.subject(), user.id(), tx.now(),
            proof.link().orElseThrow(), Optional.of(tx.now()));
        tx.update("""
            INSERT INTO identities (org_id, id, provider_id, issuer, subject, user_id, linked_at, how, last_used_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), linked.id(), linked.provider(), linked.issuer(), linked.subject(), user.id(),
            linked.linkedAt(), linked.how(), tx.now(), tx.version());
        var name = nameOf(tx, tx.org(), linked);
        audit.record(tx, "identity.linked", subject(linked, name).about(user.id()),
            Change.created(linked.facts(name)));
        if (!linked.how().equals("created")) {
            notices.tell(tx, user, AccountNotice.IDENTITY_LINKED, ShownName.of(name));
        }
        return linked.id();
    }

    /// Ends that an identity is a user's, and the sessions by it.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public void unlink(WriteTx tx, User user, String id) {
        var linked = roster.model.Id.parse(id).flatMap(uuid -> of(tx, tx.org(), user.id()).stream()
            .filter(one -> one.id().equals(uuid)).findFirst())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
        LinkRows.cancel(tx, List.of(user), Optional.of(Kind.CONFIRM));
        tx.update("DELETE FROM identities WHERE org_id = ? AND id = ?", tx.org(), linked.id());
        var name = nameOf(tx, tx.org(), linked);
        audit.record(tx, "identity.unlinked", subject(linked, name).about(user.id()),
            Change.deleted(linked.facts(name)));
        sessions.endIdentity(tx, linked.id(), Optional.empty(), "identity_unlinked");
    }

    @Override
    public void deprovisioned(WriteTx tx, User user) {
        of(tx, tx.org(), user.id()).forEach(linked -> unlink(tx, user, linked.id().toString()));
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        tx.update("DELETE FROM identities WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return Map.of();
    }

    /// Google's where the organisation uses the client of the installation.
    String nameOf(Tx tx, Org.Id org, Identity identity) {
        return providers.find(tx, org, identity.provider()).map(one -> one.terms().name()).orElse("Google");
    }

    private static Subject subject(Identity identity, String providerName) {
        return new Subject("identity", new Id(identity.id()), providerName);
    }

    private static Identity identity(Row row) {
        return new Identity(row.uuid("id"), row.uuid("provider_id"), row.text("issuer"), row.text("subject"),
            new User.Id(row.uuid("user_id")), row.instant("linked_at"), row.text("how"),
            row.optionalInstant("last_used_at"));
    }
}
