package roster.core.provisioning;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import roster.base.scim.Filter;
import roster.base.scim.SortOrder;
import roster.model.Org;
import roster.model.Refused;
import roster.model.Role;

/// Lists of people and groups together: first the people, then the groups, or in one order.
public final class ResourceSearch {
    private final PeopleSearch people;
    private final GroupSearch groups;

    ResourceSearch(PeopleSearch people, GroupSearch groups) {
        this.people = people;
        this.groups = groups;
    }

    /// One of them is there.
    public record Resource(Optional<ProvisionedUser> user, Optional<ProvisionedGroup> group) {}

    /// As of [PeopleSearch.Found].
    public record Found(List<Resource> resources, long total, Optional<byte[]> next) {}

    /// @param ofPeople what the filter means for people
    /// @param ofGroups and for groups
    /// @param whole as of [PeopleSearch.Query]
    /// @throws Refused as either search does
    public Found list(Org.Id org, Optional<Filter> ofPeople, Optional<Filter> ofGroups, Optional<SortOrder> order,
        ListPart part, Function<ProvisionedUser, Map<String, Object>> whole, GroupSearch.Shown shown) {
        Map<Role.Id, ProvisionedGroup> known = new HashMap<>();
        var found = people.list(org, new PeopleSearch.Query(ofPeople, order, part, whole), tx -> {
            var keyed = groups.keyed(tx, org, ofGroups, order, shown);
            keyed.values().forEach(group -> known.put(group.role().id(), group));
            return List.copyOf(keyed.keySet());
        });
        return new Found(found.keys().stream().map(key -> new Resource(found.user(key).map(KnownPerson::person),
            Optional.ofNullable(known.get(new Role.Id(ListKeys.id(key)))))).toList(), found.total(), found.next());
    }
}
