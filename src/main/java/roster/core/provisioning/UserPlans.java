package roster.core.provisioning;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import roster.base.scim.Patch;
import roster.base.scim.ResourceBody;
import roster.base.scim.Sent;
import roster.core.provisioning.UserPlan.Ignored;
import roster.model.Role;

/// What requests of directories come to. Nothing is changed here, so that it can be found out before a write as well as in it.
final class UserPlans {
    private UserPlans() {}

    private static KnownRoles known(RolesByText roles, Set<String> texts) {
        return texts.isEmpty() ? KnownRoles.NONE : KnownRoles.of(texts, roles.find(texts));
    }

    static UserPlan created(RolesByText byText, ResourceBody body) {
        var elements = body.attributes().elements(ProvisionedUser.ROLES);
        var known = known(byText, KnownRoles.texts(elements));
        return UserPlan.created(body.attributes(),
            Optional.of(known.memberships(elements)).filter(some -> !some.isEmpty()),
            new Ignored(known.unknown(), false));
    }

    /// @param isStale whether the client says that it has read the person before they were changed last
    static UserPlan replaced(RolesByText byText, ProvisionedUser before, ResourceBody body, boolean isStale) {
        var sent = body.attributes();
        if (isUnsaid(body, ProvisionedUser.ACTIVE)) {
            sent = sent.with(ProvisionedUser.ACTIVE, !before.user().disabled());
        }
        if (body.how(ProvisionedUser.EXTERNAL_ID) == Sent.ABSENT) {
            sent = sent.with(ProvisionedUser.EXTERNAL_ID, before.said().externalId().orElse(null));
        }
        var elements = sent.elements(ProvisionedUser.ROLES);
        var known = known(byText, KnownRoles.texts(elements));
        var roles = Optional.of(known.memberships(elements))
            .filter(some -> !some.isEmpty() || body.how(ProvisionedUser.ROLES) == Sent.EMPTY);
        var plan = UserPlan.changed(before, sent, true, sorted(before, roles), new Ignored(known.unknown(), false));
        return isStale && plan.roles().isPresent() ? plan.withStaleRoles() : plan;
    }

    private static boolean isUnsaid(ResourceBody body, String attribute) {
        var how = body.how(attribute);
        return how == Sent.ABSENT || how == Sent.NULL;
    }

    static UserPlan patched(RolesByText byText, ProvisionedUser before, Patch patch) {
        var isNamed = patch.touches(ProvisionedUser.USER_NAME);
        var shown = before.attributes();
        if (!patch.touches(ProvisionedUser.ROLES)) {
            return UserPlan.changed(before, patch.apply(shown), isNamed, Optional.empty(), Ignored.NOTHING);
        }
        var texts = new LinkedHashSet<String>();
        patch.translated(ProvisionedUser.ROLES, text -> {
            texts.add(text);
            return Optional.of(text);
        });
        var known = known(byText, texts);
        var sent = patch.translated(ProvisionedUser.ROLES, known::id).apply(shown);
        var roles = known.and(before.roles()).memberships(sent.elements(ProvisionedUser.ROLES));
        return UserPlan.changed(before, sent, isNamed, sorted(before, Optional.of(roles)),
            new Ignored(known.unknown(), false));
    }

    /// In the order in which the user has them, so that the same ones are equal.
    private static Optional<List<Membership>> sorted(ProvisionedUser before, Optional<List<Membership>> wish) {
        return wish.map(roles -> {
            var byRole = new LinkedHashMap<Role.Id, Membership>();
            before.roles().forEach(one -> byRole.put(one.role(), null));
            roles.forEach(one -> byRole.put(one.role(), one));
            return byRole.values().stream().filter(Objects::nonNull).toList();
        });
    }
}
