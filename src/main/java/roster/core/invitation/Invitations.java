package roster.core.invitation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.db.Insert;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.AllowedMethods;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.session.Passwords;
import roster.core.user.Members;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Invitation.State;
import roster.model.Invitation.Type;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Invitations: their rules, and the SQL of the `invitations` table.
///
/// Whether an invitation can still be accepted is decided whenever it is used, by the database's clock.
public final class Invitations implements UserLife {
    /// The kind of e-mails about invitations in the outbox.
    public static final String LETTER = "invitation";

    /// How long an invitation can be accepted.
    public static final Duration LIFE = Duration.ofHours(48);

    /// How long where the organisation has set [OrgConfig#LONG_INVITATIONS].
    public static final Duration LONG_LIFE = Duration.ofDays(30);

    static final String COLUMNS = """
        i.org_id, i.id, i.user_id, i.email, i.inviter_id, i.invite_type, i.generation, i.created_at, i.expires_at,
        i.accepted_at, i.cancelled_at""";

    /// A query, without conditions, for invitations with their state at a moment. The one place that decides whether an
    /// invitation can be accepted.
    ///
    /// @param moment an SQL expression
    static String standings(String moment) {
        return "SELECT " + COLUMNS + """
            , CASE WHEN o.disabled THEN 'ORG_DISABLED'
                   WHEN u.disabled THEN 'USER_DISABLED'
                   WHEN u.verified OR i.accepted_at IS NOT NULL THEN 'USED'
                   WHEN u.email <> i.email THEN 'OTHER_ADDRESS'
                   WHEN i.cancelled_at IS NOT NULL THEN 'CANCELLED'
                   WHEN i.expires_at <= %s THEN 'EXPIRED'
                   ELSE 'OPEN' END AS state
              FROM invitations i
              JOIN users u ON u.org_id = i.org_id AND u.id = i.user_id
              JOIN orgs o ON o.id = i.org_id
            """.formatted(moment);
    }

    /// An invitation, and whether it can be accepted now.
    public record Standing(Invitation invitation, State state) {}

    /// What users enter when they accept an invitation.
    public record Acceptance(String name, Passwords.Chosen.Fit password) {}

    private static final Insert<Invitation> INSERT = Insert.of("""
        INSERT INTO invitations (org_id, id, user_id, email, inviter_id, invite_type, generation, created_at,
                                 expires_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, (tx, invitation) -> List.of(tx.org(), invitation.id(), invitation.user(), invitation.email(),
        invitation.inviter(), invitation.type().text(), invitation.generation(), invitation.createdAt(),
        invitation.expiresAt(), tx.version()));

    private final AuditLog audit;
    private final InvitationLinks links;
    private final Users users;
    private final Members members;
    private final OrgConfigs configs;
    private final Passwords passwords;

    public Invitations(AuditLog audit, InvitationLinks links, Users users, Members members, OrgConfigs configs,
        Passwords passwords) {
        this.audit = audit;
        this.links = links;
        this.users = users;
        this.members = members;
        this.configs = configs;
        this.passwords = passwords;
    }

    public Optional<Invitation> find(Tx tx, Org.Id org, Invitation.Id id) {
        return tx.query("SELECT " + COLUMNS + " FROM invitations i WHERE i.org_id = ? AND i.id = ?", org, id)
            .optional(Invitations::invitation);
    }

    /// An invitation and its state at this moment.
    public Optional<Standing> standing(Tx tx, Org.Id org, Invitation.Id id) {
        return tx.query(standings("roster_now()") + " WHERE i.org_id = ? AND i.id = ?", org, id)
            .optional(Invitations::standing);
    }

    /// The same by the id that was sent, without cancelled invitations.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], naming the id, if it is not that of an invitation of the organisation
    public Standing named(Tx tx, Org.Id org, String id) {
        return Id.parse(id).flatMap(uuid -> standing(tx, org, new Invitation.Id(uuid)))
            .filter(standing -> standing.invitation().cancelledAt().isEmpty())
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    static Standing standing(Row row) {
        return new Standing(invitation(row), State.valueOf(row.text("state")));
    }

    /// The invitation whose link has this token.
    ///
    /// @return none for an unknown token, and for one that was replaced when the invitation was sent again
    public Optional<Standing> withToken(Tx tx, String token) {
        return links.withToken(tx, token).flatMap(pointer -> standing(tx, pointer.org(), pointer.id())
            .filter(found -> found.invitation().generation() == pointer.generation()));
    }

    /// The token of an invitation's link.
    ///
    /// @throws IllegalStateException if the secret key that it was made with is no longer set
    public String token(Tx tx, Invitation invitation) {
        return links.token(tx, invitation);
    }

    /// Invites users of the organisation: all of them, or none. Pending users are sent an e-mail; Active users and service
    /// accounts need no link and are not. A user who is named twice is invited twice.
    ///
    /// @param userIds as they were sent
    /// @throws Refused with [Unfit] for users who are unknown or disabled, naming each; with LimitReached if the caller, or the
    ///     organisation, has sent too many; with Forbidden where only
    ///     administrators may invite
    public List<Invitation> send(WriteTx tx, List<String> userIds) {
        configs.mustLetInvite(tx);
        var faults = new LinkedHashSet<String>();
        var invited = new ArrayList<User>();
        for (var id : userIds) {
            var user = Id.parse(id).flatMap(uuid -> users.find(tx, tx.org(), new User.Id(uuid)));
            unfit(id, user).ifPresentOrElse(faults::add, () -> invited.add(user.orElseThrow()));
        }
        mustBeFit(faults);
        var terms = admitted(tx, invited);
        return invited.stream().map(user -> send(tx, user, terms)).toList();
    }

    /// The same for many users, with a constant number of statements.
    ///
    /// @param users of the organisation, as this write has them, each once; at most a few thousand, as the organisation's
    ///     lock is held meanwhile
    public List<Invitation> sendAll(WriteTx tx, List<User> users) {
        configs.mustLetInvite(tx);
        mustBeFit(users.stream().flatMap(user -> unfit(user.id().toString(), Optional.of(user)).stream()).toList());
        if (users.isEmpty()) {
            return List.of();
        }
        var terms = admitted(tx, users);
        var invitedBefore = invitedBefore(tx, users);
        var invitations = new ArrayList<Invitation>();
        var mailed = new ArrayList<Invitation>();
        for (var user : users) {
            var invitation = invitation(tx, user, invitedBefore.contains(user.id()), terms);
            invitations.add(invitation);
            if (!user.verified()) {
                mailed.add(invitation);
            }
        }
        tx.insertAll(INSERT, invitations);
        links.sendAll(tx, mailed);
        audit.recordCreated(tx, "invitation.sent", invitations.stream()
            .map(invitation -> new AuditLog.Snapshot(subject(invitation), invitation.facts())).toList());
        return invitations;
    }

    private static void mustBeFit(Collection<String> faults) {
        if (!faults.isEmpty()) {
            throw new Refused(new Unfit(List.copyOf(faults)));
        }
    }

    /// What the settings of the organisation say about what is sent now.
    ///
    /// @param expiry until when it can be accepted
    /// @param byProvider whether users without methods of their own sign in by a provider, and not by password
    private record Terms(Instant expiry, boolean byProvider) {}

    private Terms admitted(WriteTx tx, List<User> invited) {
        links.admit(tx, invited.size());
        return new Terms(tx.now().plus(life(tx, tx.org())), AllowedMethods.byProvider(tx, tx.org()));
    }

    private static Optional<String> unfit(String id, Optional<User> user) {
        if (user.isEmpty()) {
            return Optional.of("User %s not found".formatted(id));
        }
        return user.get().disabled() ? Optional.of("User %s is disabled".formatted(id)) : Optional.empty();
    }

    /// How long an invitation can be accepted, as the organisation has it set now.
    Duration life(Tx tx, Org.Id org) {
        return configs.isOn(tx, org, OrgConfig.LONG_INVITATIONS) ? LONG_LIFE : LIFE;
    }

    private Invitation send(WriteTx tx, User user, Terms terms) {
        var before = tx.query("SELECT 1 FROM invitations WHERE org_id = ? AND user_id = ? LIMIT 1", tx.org(), user.id())
            .any();
        var invitation = invitation(tx, user, before, terms);
        tx.insert(INSERT, invitation);
        if (!user.verified()) {
            links.send(tx, invitation);
        }
        audit.record(tx, "invitation.sent", subject(invitation), Change.created(invitation.facts()));
        return invitation;
    }

    /// The invitation that is to be sent, not yet stored.
    private static Invitation invitation(WriteTx tx, User user, boolean invitedBefore, Terms terms) {
        return new Invitation(new Invitation.Id(tx.newId()), tx.org(), user.id(), user.email(), tx.caller().user(),
            type(user, invitedBefore, terms), 1, tx.now(), terms.expiry(), Optional.empty(), Optional.empty());
    }

    private static Type type(User user, boolean invitedBefore, Terms terms) {
        var byProvider = user.loginMethods().isEmpty() ? terms.byProvider()
            : AllowedMethods.byProvider(user.loginMethods());
        if (byProvider && !invitedBefore && !user.verified()) {
            return Type.OPENID_INVITE;
        }
        return !user.serviceAccount() && (user.verified() || invitedBefore) ? Type.BASIC_REMINDER : Type.BASIC_INVITE;
    }

    private static Set<User.Id> invitedBefore(Tx tx, List<User> users) {
        var before = new HashSet<User.Id>();
        tx.query("SELECT DISTINCT user_id FROM invitations WHERE org_id = ? AND user_id = ANY (?)",
            users.getFirst().org(), users.stream().map(User::id).toList())
            .each(row -> before.add(new User.Id(row.uuid("user_id"))));
        return before;
    }

    /// When users were invited last, those who were.
    public Map<User.Id, Instant> lastInvited(Tx tx, Org.Id org, Collection<User.Id> users) {
        return tx.query("""
            SELECT user_id, max(created_at) AS at FROM invitations
             WHERE org_id = ? AND user_id = ANY (?::uuid[]) GROUP BY user_id
            """, org, List.copyOf(users)).list(row -> Map.entry(new User.Id(row.uuid("user_id")), row.instant("at")))
            .stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// Accepts the invitation of a link, if it is open: its user becomes Active, their address is proved, and their name and
    /// password are stored. Roles that their givers could no longer give are removed first.
    ///
    /// @return the state it was found in: `OPEN` if it is accepted now; else nothing has changed
    /// @throws Refused with Invalid for a bad name
    public State accept(WriteTx tx, String token, Acceptance acceptance) {
        var found = withToken(tx, token).filter(standing -> standing.invitation().org().equals(tx.org()));
        if (found.isEmpty()) {
            return State.CANCELLED; // sent again meanwhile, under another link
        }
        if (found.get().state() == State.OPEN) {
            accept(tx, found.get().invitation(), acceptance);
        }
        return found.get().state();
    }

    private void accept(WriteTx tx, Invitation invitation, Acceptance acceptance) {
        used(tx, invitation);
        var user = users.find(tx, tx.org(), invitation.user()).orElseThrow();
        links.drop(tx, allOf(tx, user), "the user has joined");
        members.removeUngivable(tx, user);
        users.join(tx, user, acceptance.name());
        passwords.set(tx, user, acceptance.password());
    }

    /// What else happens when a pending user becomes Active in another way than by the form of an invitation: the open one counts
    /// as accepted, no further e-mail is sent, and roles that their givers could no longer give are removed.
    public void joined(WriteTx tx, User user) {
        tx.query(standings("roster_now()") + " WHERE i.org_id = ? AND i.user_id = ? ORDER BY i.created_at DESC",
            tx.org(),
            user.id()).list(Invitations::standing).stream().filter(one -> one.state() == State.OPEN).findFirst()
            .ifPresent(one -> used(tx, one.invitation()));
        links.drop(tx, allOf(tx, user), "the user has joined");
        members.removeUngivable(tx, user);
    }

    private void used(WriteTx tx, Invitation invitation) {
        tx.update("UPDATE invitations SET accepted_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(),
            tx.version(), tx.org(), invitation.id());
        audit.record(tx, "invitation.accepted", subject(invitation),
            Change.first("accepted_at", tx.now().toString()));
    }

    private static List<Invitation.Id> allOf(WriteTx tx, User user) {
        return tx.query("SELECT id FROM invitations WHERE org_id = ? AND user_id = ?", tx.org(), user.id())
            .list(row -> new Invitation.Id(row.uuid("id")));
    }

    /// Cancels the open invitations of a user who has another address now: they went to the old one.
    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        cancelOpen(tx, user, Integer.MAX_VALUE);
    }

    /// Invitations that went to the address stay open.
    @Override
    public void addressRespelled(WriteTx tx, User user, String before) {
        tx.update("UPDATE invitations SET email = ?, version = ? WHERE org_id = ? AND user_id = ? AND email = ?",
            user.email(), tx.version(), tx.org(), user.id(), before);
    }

    /// Cancels invitations of a user that have neither expired nor been accepted, with a constant number of statements.
    ///
    /// @return how many: fewer than `most` if none is left
    public int cancelOpen(WriteTx tx, User user, int most) {
        if (user.verified()) {
            return 0; // none is open
        }
        var ended = tx.query("""
            UPDATE invitations i SET cancelled_at = ?, version = ?
             WHERE i.org_id = ? AND i.id = ANY (ARRAY(
                   SELECT id FROM invitations
                    WHERE org_id = ? AND user_id = ? AND accepted_at IS NULL AND cancelled_at IS NULL AND expires_at > ?
                    ORDER BY expires_at LIMIT ?))
            RETURNING""" + " " + COLUMNS, tx.now(), tx.version(), tx.org(), tx.org(), user.id(), tx.now(), most)
            .list(Invitations::invitation);
        cancelled(tx, ended);
        return ended.size();
    }

    @Override
    public void deprovisioned(WriteTx tx, User user) {
        cancelOpen(tx, user, Integer.MAX_VALUE);
    }

    /// Deletes the invitations of a user who is anonymised, with the e-mails that bring them. What counts against a limit
    /// stays: it tells nothing of the user.
    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        var ids = allOf(tx, user);
        tx.update("DELETE FROM letters WHERE org_id = ? AND subject_id = ANY (?::uuid[])", tx.org(), ids);
        tx.update("DELETE FROM invitations WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return ids.isEmpty() ? Map.of() : Map.of("invitations", ids.stream().map(Invitation.Id::value).toList());
    }

    /// Sends the e-mails that waited for users to be enabled again.
    @Override
    public void enabled(WriteTx tx, List<User> users) {
        links.hasten(tx, tx.query("""
            SELECT id FROM invitations
             WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND accepted_at IS NULL AND cancelled_at IS NULL
               AND expires_at > ?
            """, tx.org(), users.stream().map(User::id).toList(), tx.now())
            .list(row -> new Invitation.Id(row.uuid("id"))));
    }

    /// What follows when invitations are cancelled.
    void cancelled(WriteTx tx, List<Invitation> ended) {
        if (ended.isEmpty()) {
            return;
        }
        links.drop(tx, ended.stream().map(Invitation::id).toList(), "cancelled");
        var change = Change.first("cancelled_at", tx.now().toString());
        audit.recordAll(tx, "invitation.cancelled",
            ended.stream().map(invitation -> new AuditLog.SubjectChange(subject(invitation), change)).toList());
    }

    static Subject subject(Invitation invitation) {
        return new Subject("invitation", invitation.id(), invitation.email()).about(invitation.user());
    }

    static Invitation invitation(Row row) {
        return new Invitation(new Invitation.Id(row.uuid("id")), new Org.Id(row.uuid("org_id")),
            new User.Id(row.uuid("user_id")), row.text("email"), row.optionalUuid("inviter_id").map(User.Id::new),
            Type.of(row.text("invite_type")), row.integer("generation"), row.instant("created_at"),
            row.instant("expires_at"), row.optionalInstant("accepted_at"),
            row.optionalInstant("cancelled_at"));
    }
}
