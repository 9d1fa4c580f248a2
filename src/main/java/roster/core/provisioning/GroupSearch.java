package roster.core.provisioning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Operand.Written;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.Role;
import roster.model.ScimType;
import roster.model.User;

/// Finds groups. Those with a certain id, name, external id or member are found by index; for other filters all are looked at,
/// as they are few.
public final class GroupSearch {
    /// What lists of groups may be sorted by, as [roster.base.scim.AttributeName#text] has it.
    public static final Set<String> SORTABLE =
        Set.of("id", "externalId", "displayName", "meta.created", "meta.lastModified");

    /// The most members that are read for a filter on anything but their ids.
    private static final int MEMBERS_MAX = 100_000;

    private static final String MEMBERS = "members";
    private static final String MEMBER_ID = "members.value";

    private final ProvisionedGroups groups;

    public GroupSearch(ProvisionedGroups groups) {
        this.groups = groups;
    }

    /// A part of those that match.
    ///
    /// @param total how many match
    /// @param next where the part ends, if more follow: see [ListPart#after]
    public record Found(List<ProvisionedGroup> groups, long total, Optional<byte[]> next) {}

    /// What is shown of groups where they are asked for.
    public interface Shown {
        Map<String, Object> meta(ProvisionedGroup group);

        /// The address of a member.
        String address(User.Id member);
    }

    /// @param order none: the oldest first
    /// @throws Refused with [BadScim] if too many members would have to be read
    public Found list(Tx tx, Org.Id org, Optional<Filter> filter, Optional<SortOrder> order, ListPart part,
        Shown shown) {
        return found(keyed(tx, org, filter, order, shown), part);
    }

    private static Found found(Map<byte[], ProvisionedGroup> keyed, ListPart part) {
        var slice = part.of(Ordered.of(List.copyOf(keyed.keySet())));
        return new Found(slice.keys().stream().map(keyed::get).toList(), slice.total(), slice.next());
    }

    /// Those that match by their keys: each array is one of its own, and found as such.
    Map<byte[], ProvisionedGroup> keyed(Tx tx, Org.Id org, Optional<Filter> filter, Optional<SortOrder> order,
        Shown shown) {
        return keyed(filter.map(some -> matching(tx, org, some, shown)).orElseGet(() -> groups.all(tx, org)), order);
    }

    private static Map<byte[], ProvisionedGroup> keyed(List<ProvisionedGroup> some, Optional<SortOrder> order) {
        var keyed = new IdentityHashMap<byte[], ProvisionedGroup>();
        some.forEach(group -> keyed.put(ListKeys.of(order, ResourceType.GROUP, group.attributes(),
            group.role().createdAt(), group.role().id().value()), group));
        return keyed;
    }

    /// The name that all must have that match a filter, if it names one and asks nothing of members.
    static Optional<String> name(Filter filter) {
        var asked = new Asked();
        asked.look(filter);
        return asked.all || !asked.members.isEmpty() ? Optional.empty() : filter.conjuncts().stream()
            .flatMap(one -> equal(one).filter(compare -> compare.isEqual("displayName")).stream())
            .map(compare -> ((Written) compare.operand()).typed()).findFirst();
    }

    /// The same as [#list], of those that [#name] finds.
    static Found among(List<ProvisionedGroup> named, Filter filter, Optional<SortOrder> order, ListPart part,
        Shown shown) {
        return found(keyed(named.stream().filter(group -> filter.matches(searched(group, filter, shown))).toList(),
            order), part);
    }

    /// What a filter may ask of a group, but for its members.
    private static Map<String, Object> searched(ProvisionedGroup group, Filter filter, Shown shown) {
        var resource = new LinkedHashMap<>(group.attributes());
        if (ShownParts.areIn(filter)) {
            resource.put("schemas", List.of(ResourceType.GROUP.schema().id()));
            resource.put("meta", shown.meta(group));
        }
        return resource;
    }

    private List<ProvisionedGroup> matching(Tx tx, Org.Id org, Filter filter, Shown shown) {
        var memberships = new Memberships(tx, org);
        var candidates = candidates(tx, org, filter, memberships);
        var asked = new Asked();
        asked.look(filter);
        if (asked.all && candidates.stream().mapToLong(ProvisionedGroup::members).sum() > MEMBERS_MAX) {
            throw new Refused(new BadScim(ScimType.TOO_MANY, "The filter looks at too many members"));
        }
        return candidates.stream().filter(group -> {
            var resource = searched(group, filter, shown);
            resource.put(MEMBERS, asked.all ? all(tx, org, group, shown) : memberships.among(asked.members, group));
            return filter.matches(resource);
        }).toList();
    }

    private List<Map<String, Object>> all(Tx tx, Org.Id org, ProvisionedGroup group, Shown shown) {
        var members = new ArrayList<Map<String, Object>>();
        if (group.members() > 0) {
            groups.eachMember(tx, org, group.role().id(), member -> members.add(
                Map.of("value", member.id().toString(), "$ref", shown.address(member.id()), "display", member.display(),
                    "type", "User")));
        }
        return members;
    }

    /// The groups that may match, by the index that finds the fewest.
    private List<ProvisionedGroup> candidates(Tx tx, Org.Id org, Filter filter, Memberships memberships) {
        var sought = new HashMap<String, String>();
        filter.conjuncts().forEach(one -> equal(one).ifPresent(
            compare -> sought.putIfAbsent(compare.name().text(), ((Written) compare.operand()).typed())));
        if (sought.containsKey("id")) {
            return Id.parse(sought.get("id")).flatMap(id -> groups.find(tx, org, new Role.Id(id))).stream().toList();
        }
        if (sought.containsKey("displayName")) {
            return groups.withName(tx, org, sought.get("displayName"));
        }
        if (sought.containsKey("externalId")) {
            return groups.withExternalId(tx, org, sought.get("externalId"));
        }
        return sought.containsKey(MEMBER_ID)
            ? groups.all(tx, org, memberships.of(sought.get(MEMBER_ID))) : groups.all(tx, org);
    }

    private static Optional<Compare> equal(Filter filter) {
        return filter instanceof Compare compare && compare.operator() == Filter.Operator.EQ
            && compare.operand() instanceof Written ? Optional.of(compare) : Optional.empty();
    }

    /// What a filter asks about members: whether certain users are among them, or anything else.
    private static final class Asked {
        private final Set<String> members = new HashSet<>();
        private boolean all;

        private void look(Filter filter) {
            switch (filter) {
                case Filter.And(var parts) -> parts.forEach(this::look);
                case Filter.Or(var parts) -> parts.forEach(this::look);
                case Filter.Not(var inner) -> look(inner);
                case Compare compare when equal(compare).filter(one -> one.isEqual(MEMBER_ID)).isPresent() ->
                    members.add(((Written) compare.operand()).typed());
                case Compare(var name, _, _) -> all |= isOfMembers(name.text());
                case Filter.Present(var name) -> all |= isOfMembers(name.text());
                case Filter.Element(var name, _) -> all |= isOfMembers(name.text());
                case Filter.Nothing() -> {
                }
            }
        }

        private static boolean isOfMembers(String name) {
            return name.equals(MEMBERS) || name.startsWith(MEMBERS + ".");
        }
    }

    /// In which groups users are that a filter names.
    private final class Memberships {
        private final Tx tx;
        private final Org.Id org;
        private final Map<String, Set<Role.Id>> known = new HashMap<>();

        private Memberships(Tx tx, Org.Id org) {
            this.tx = tx;
            this.org = org;
        }

        private Set<Role.Id> of(String user) {
            return known.computeIfAbsent(user.toLowerCase(Locale.ROOT),
                id -> Id.parse(id).map(uuid -> groups.of(tx, org, new User.Id(uuid))).orElse(Set.of()));
        }

        private List<Map<String, Object>> among(Set<String> users, ProvisionedGroup group) {
            return users.stream().filter(user -> of(user).contains(group.role().id()))
                .map(user -> Map.<String, Object>of("value", user)).toList();
        }
    }
}
