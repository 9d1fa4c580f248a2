package roster.core.provisioning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.SetChange;
import roster.base.scim.SetEffect;
import roster.core.provisioning.ProvisionedGroup.Member;
import roster.model.Id;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.User;

/// What the operations of a patch on the members of a group come to. Only operations that choose members by something else
/// than their ids, such as `members[display co "x"]`, need to know who they are.
final class MemberChanges {
    /// The most members that are looked through for an operation of that kind.
    private static final int LOOKED_AT_MAX = 100_000;

    private final ProvisionedGroups groups;

    MemberChanges(ProvisionedGroups groups) {
        this.groups = groups;
    }

    /// @param tx has the lock, if the changes are to be made
    /// @throws Refused with [BadScim] if too many members would have to be read
    SetEffect of(Tx tx, ProvisionedGroup group, List<SetChange> changes) {
        return SetEffect.of(changes).orElseGet(() -> SetEffect.of(resolved(tx, group, changes)).orElseThrow());
    }

    /// The same changes, all by ids.
    private List<SetChange> resolved(Tx tx, ProvisionedGroup group, List<SetChange> changes) {
        if (group.members() > LOOKED_AT_MAX) {
            throw new Refused(new BadScim(ScimType.TOO_MANY,
                "Of groups with more than %d members, members can be chosen by value only".formatted(LOOKED_AT_MAX)));
        }
        var known = new HashMap<String, Map<String, Object>>();
        groups.eachMember(tx, group.role().org(), group.role().id(), member -> add(known, member));
        var before = Set.copyOf(known.keySet());
        var resolved = new ArrayList<SetChange>();
        for (var change : changes) {
            if (change instanceof SetChange.Other(var operation)) {
                var effect = SetEffect.of(resolved).orElseThrow();
                var now = new LinkedHashSet<>(effect.clears() ? Set.<String>of() : before);
                now.removeAll(effect.removed());
                now.addAll(effect.added());
                look(tx, group, known, effect.added());
                var filter = operation.path().filter().orElseThrow();
                now.removeIf(id -> !known.containsKey(id) || !matches(filter, known.get(id)));
                resolved.add(new SetChange.Remove(now));
            } else {
                resolved.add(change);
            }
        }
        return resolved;
    }

    private static boolean matches(Filter filter, Map<String, Object> member) {
        return filter.matches(member);
    }

    /// Finds out who was added, if that is not known yet.
    private void look(Tx tx, ProvisionedGroup group, Map<String, Map<String, Object>> known, Set<String> added) {
        var unknown = added.stream().filter(id -> !known.containsKey(id)).flatMap(id -> Id.parse(id).stream())
            .map(User.Id::new).toList();
        if (!unknown.isEmpty()) {
            groups.shown(tx, group.role().org(), unknown).forEach(member -> add(known, member));
        }
    }

    private static void add(Map<String, Map<String, Object>> known, Member member) {
        known.put(member.id().toString(),
            Map.of("value", member.id().toString(), "display", member.display(), "type", "User"));
    }
}
