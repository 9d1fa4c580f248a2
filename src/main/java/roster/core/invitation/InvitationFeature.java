package roster.core.invitation;

import java.util.List;
import java.util.Map;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.session.SessionFeature;
import roster.core.user.UserFeature;

/// Invitations: sent by e-mail, accepted, sent again, cancelled, asked for anew.
public final class InvitationFeature implements Feature {
    /// The part of the heap that lists of invitations may take: at 512 MB, those of about 250,000.
    private static final int LIST_MEMORY = 12;

    public final Invitations invitations;
    public final InvitationLifecycle lifecycle;
    public final InvitationList list;
    public final TrackedInvitations tracked;
    public final ReinviteRequests reinviteRequests;
    private final Map<String, LetterSource> emails;

    public InvitationFeature(Kernel kernel, MailFeature mail, OrgFeature org, UserFeature user,
        SessionFeature session) {
        var links = new InvitationLinks(kernel.secrets(), mail.outbox, mail.limits);
        invitations =
            new Invitations(kernel.audit(), links, user.users, user.members, org.configs, session.passwords);
        lifecycle = new InvitationLifecycle(kernel.db(), kernel.audit(), user.users, org.configs, invitations, links);
        var cache = new InvitationCache(kernel.db(), Runtime.getRuntime().maxMemory() / LIST_MEMORY);
        list = new InvitationList(kernel.db(), cache);
        tracked = new TrackedInvitations(kernel.db(), cache, invitations, mail.deliveries,
            new CursorCodec(kernel.secrets()));
        reinviteRequests = new ReinviteRequests(kernel.audit(), invitations, user.users, mail.outbox);
        emails = Map.of(
            Invitations.LETTER, new InvitationEmail(invitations, org.orgs, user.users, kernel.publicUrl()),
            ReinviteRequests.LETTER, new ReinviteEmail(invitations, reinviteRequests, org.orgs, user.users));
    }

    /// What writes the e-mails of this room, by their kind.
    public Map<String, LetterSource> emails() {
        return emails;
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("invitations", lifecycle::repairTimes));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("invitations").endingWithUser("user_id").personal("email"),
            TenantTable.of("invitation_requests"),
            TenantTable.of("invitation_pointers").unversioned().distributedBy("digest"));
    }
}
