package roster.core.provisioning;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.invitation.Invitations;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.org.OrgConfigs.Standing;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Problem.LimitReached;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// What an organisation gives people whom its directory creates: a role, an invitation, or neither.
final class Welcome {
    private final AuditLog audit;
    private final OrgConfigs configs;
    private final Roles roles;
    private final Invitations invitations;

    Welcome(AuditLog audit, OrgConfigs configs, Roles roles, Invitations invitations) {
        this.audit = audit;
        this.configs = configs;
        this.roles = roles;
        this.invitations = invitations;
    }

    /// What the organisation has chosen.
    record Choice(Supplier<Standing> role, Supplier<Standing> invitations) {}

    /// Asks for it with the statement that follows.
    Choice choice(WriteTx tx) {
        return new Choice(configs.findLater(tx, tx.org(), OrgConfig.SCIM_DEFAULT_ROLE),
            configs.findLater(tx, tx.org(), OrgConfig.SCIM_INVITATIONS));
    }

    /// The role of those who are left without any. One that was deleted since it was chosen is none.
    List<Membership> roles(WriteTx tx, Choice choice) {
        return Id.parse(choice.role().get().value().toString())
            .flatMap(id -> roles.find(tx, tx.org(), new Role.Id(id)))
            .map(role -> List.of(RolesByText.membership(role.id(), role.name()))).orElse(List.of());
    }

    /// Invites a user, if the organisation has it so. A directory sends them all at once, so a limit stops no one but the
    /// invitation.
    void invite(WriteTx tx, User user, Choice choice) {
        if (!choice.invitations().get().value().equals(true)) {
            return;
        }
        try {
            tx.attempt(() -> invitations.send(tx, List.of(user.id().toString())));
        } catch (Refused e) {
            if (!(e.problem() instanceof LimitReached)) {
                throw e;
            }
            audit.record(tx, "scim.invitation_skipped", Users.subject(user),
                new Change(Map.of(), Map.of("why", "too many invitations")));
        }
    }
}
