package roster.core.event;

import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.identity.IdentityFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.key.KeyFeature;
import roster.core.org.OrgFeature;
import roster.core.role.RoleFeature;
import roster.core.saml.SamlFeature;
import roster.core.user.UserFeature;

/// The audit trail as a feed of events.
public final class EventFeature implements Feature {
    public final ObjectAsOf objects;
    public final EventWaits waits;

    /// What events are about.
    public record Subjects(OrgFeature org, RoleFeature role, UserFeature user, KeyFeature key,
        InvitationFeature invitation, IdentityFeature identity, SamlFeature saml) {}

    public EventFeature(Kernel kernel, Subjects subjects) {
        objects = new ObjectAsOf(CurrentObjects.of(subjects));
        waits = new EventWaits(kernel.db().versions());
    }
}
