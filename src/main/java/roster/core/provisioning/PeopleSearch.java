package roster.core.provisioning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.base.scim.Filter.Nothing;
import roster.base.scim.Operand.Written;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.core.provisioning.ListPart.Slice;
import roster.model.Id;
import roster.model.Org;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Lists of people, as directories look for them.
public final class PeopleSearch {
    /// What lists of people may be sorted by, as [roster.base.scim.AttributeName#text] has it.
    public static final Set<String> SORTABLE = Set.of("userName", "displayName", "name.formatted", "name.familyName",
        "emails.value", "title", "active", "externalId", "id", "meta.created", "meta.lastModified");

    private final Database db;
    private final ProvisionedUserRows rows;
    private final PeopleOrders orders;
    private final PeopleScans scans;
    private final long scannedBytes;

    /// @param scannedBytes what the keys of those who are found by a scan may take in memory
    PeopleSearch(Database db, ProvisionedUserRows rows, PeopleOrders orders, PeopleScans scans, long scannedBytes) {
        this.db = db;
        this.rows = rows;
        this.orders = orders;
        this.scans = scans;
        this.scannedBytes = scannedBytes;
    }

    /// What a list is to have.
    ///
    /// @param order none: the oldest first
    public record Query(Optional<Filter> filter, Optional<SortOrder> order, ListPart part) {}

    /// A part of those who match.
    ///
    /// @param keys of all in the part, in order
    /// @param total how many match
    /// @param next where the part ends, if more follow: see [ListPart#after]
    public record Found(List<byte[]> keys, Map<User.Id, ProvisionedUser> people, long total, Optional<byte[]> next) {
        /// The people of the part, in order.
        public List<ProvisionedUser> users() {
            return keys.stream().flatMap(key -> user(key).stream()).toList();
        }

        /// The person whose key this is; none if it is that of a group.
        public Optional<ProvisionedUser> user(byte[] key) {
            return Optional.ofNullable(people.get(new User.Id(ListKeys.id(key))));
        }
    }

    /// @throws Refused with `tooMany` if the filter or the order takes too long
    public Found list(Org.Id org, Query query) {
        return list(org, query, _ -> List.of());
    }

    /// The same, with others among the people.
    ///
    /// @param others gives their [ListKeys] in the same order, in the snapshot in which people are read
    Found list(Org.Id org, Query query, Function<Tx, List<byte[]>> others) {
        return query.filter().map(filter -> filtered(org, query, filter, others))
            .orElseGet(() -> unfiltered(org, query, others));
    }

    private Found unfiltered(Org.Id org, Query query, Function<Tx, List<byte[]>> others) {
        return orders.read(org, query.order(), (tx, all) -> query.part().of(all.with(others.apply(tx))),
            (tx, slice) -> read(tx, org, slice)).orElseGet(() -> unsorted(org, query, others));
    }

    /// Without memory for it. Then nothing can be sorted, either.
    private Found unsorted(Org.Id org, Query query, Function<Tx, List<byte[]>> others) {
        if (query.order().isPresent()) {
            throw PeopleScans.tooMany();
        }
        return db.readLong(tx -> read(tx, org,
            query.part().of(new PeopleOrderRows.BySql(tx, org).with(others.apply(tx)))));
    }

    private Found read(Tx tx, Org.Id org, Slice slice) {
        var ids = slice.keys().stream().filter(key -> ListKeys.isOf(ResourceType.USER, key)).map(ListKeys::id).toList();
        return found(slice, rows.all(tx, org, ids));
    }

    private static Found found(Slice slice, List<ProvisionedUser> people) {
        return new Found(slice.keys(),
            people.stream().collect(Collectors.toMap(ProvisionedUser::id, Function.identity())),
            slice.total(), slice.next());
    }

    private Found filtered(Org.Id org, Query query, Filter filter, Function<Tx, List<byte[]>> others) {
        var indexed = db.read(tx -> candidates(tx, org, filter).map(people -> {
            var matching = people.stream().filter(one -> filter.matches(one.searchable().values())).toList();
            var keys = matching.stream().map(one -> PeopleOrderRows.key(query.order(), one)).toList();
            return found(query.part().of(Ordered.of(keys).with(others.apply(tx))), matching);
        }));
        return indexed.orElseGet(() -> scanned(org, query, filter, others));
    }

    /// Those who alone can match, by an index; none if no index helps.
    private Optional<List<ProvisionedUser>> candidates(Tx tx, Org.Id org, Filter filter) {
        return filter.conjuncts().stream().flatMap(part -> lookedUp(tx, org, part).stream()).findFirst();
    }

    private Optional<List<ProvisionedUser>> lookedUp(Tx tx, Org.Id org, Filter part) {
        return switch (part) {
            case Nothing() -> Optional.of(List.of());
            case Compare compare when compare.operand() instanceof Written(var typed, _, _) -> {
                if (compare.isEqual("id")) {
                    yield Optional
                        .of(Id.parse(typed).flatMap(id -> rows.find(tx, org, new User.Id(id))).stream().toList());
                }
                if (compare.isEqual("meta.resourceType") && !typed.equals(ResourceType.USER.name())) {
                    yield Optional.of(List.of());
                }
                var address = address(part, PersonEmails.EMAILS + ".value");
                yield address.isPresent() ? Optional.of(rows.withAddress(tx, org, address.get()))
                    : compare.isEqual(ProvisionedUser.USER_NAME) ? Optional.of(rows.withUserName(tx, org, typed))
                    : compare.isEqual(ProvisionedUser.EXTERNAL_ID) ? Optional.of(rows.withExternalId(tx, org, typed))
                    : Optional.empty();
            }
            case Element element when element.name().is(PersonEmails.EMAILS) ->
                element.filter().conjuncts().stream().flatMap(inner -> address(inner, "value").stream()).findFirst()
                    .map(address -> rows.withAddress(tx, org, address));
            default -> Optional.empty();
        };
    }

    /// The address that an `eq` names. Only those that Roster knows people by are looked for.
    private static Optional<String> address(Filter part, String name) {
        return part instanceof Compare compare && compare.isEqual(name)
            && compare.operand() instanceof Written(var typed, _, _) ? Optional.of(typed) : Optional.empty();
    }

    /// The role that all who match must have, if the filter names one.
    private static Optional<Role.Id> role(Filter filter) {
        return filter.conjuncts().stream().flatMap(part -> part instanceof Compare compare
            && (compare.isEqual("groups.value") || compare.isEqual("roles.value"))
            && compare.operand() instanceof Written(var typed, _, _)
                ? Id.parse(typed).map(Role.Id::new).stream() : Stream.<Role.Id>empty())
            .findFirst();
    }

    private Found scanned(Org.Id org, Query query, Filter filter, Function<Tx, List<byte[]>> others) {
        return scans.scan((tx, watch) -> {
            var keys = new CollectedKeys(scannedBytes);
            rows.each(tx, org, role(filter), user -> {
                watch.look();
                if (filter.matches(user.searchable().values())) {
                    keys.add(PeopleOrderRows.key(query.order(), user));
                }
            });
            if (!keys.fit()) {
                throw PeopleScans.tooMany();
            }
            return read(tx, org, query.part().of(Ordered.of(keys.all()).with(others.apply(tx))));
        });
    }
}
