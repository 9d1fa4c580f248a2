package roster.core.provisioning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Operand.Written;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.core.provisioning.ListPart.Slice;
import roster.model.Caller;
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

    /// So many people are read to look at them, in the place of a scan.
    private static final int FEW = 1000;

    private final Database db;
    private final ProvisionedUserRows rows;
    private final PeopleOrders orders;
    private final PeopleScans scans;
    private final PeopleLookUps lookUps;
    private final long scannedBytes;

    /// @param scannedBytes what the keys of those who are found by a scan may take in memory
    PeopleSearch(Database db, ProvisionedUserRows rows, PeopleOrders orders, PeopleScans scans,
        PeopleLookUps lookUps, long scannedBytes) {
        this.db = db;
        this.rows = rows;
        this.orders = orders;
        this.scans = scans;
        this.lookUps = lookUps;
        this.scannedBytes = scannedBytes;
    }

    /// What a list is to have.
    ///
    /// @param order none: the oldest first
    /// @param whole makes of a person what is shown of them where they are asked for
    public record Query(Optional<Filter> filter, Optional<SortOrder> order, ListPart part,
        Function<ProvisionedUser, Map<String, Object>> whole) {}

    /// A part of those who match.
    ///
    /// @param keys of all in the part, in order
    /// @param total how many match
    /// @param next where the part ends, if more follow: see [ListPart#after]
    public record Found(List<byte[]> keys, Map<User.Id, KnownPerson> people, long total, Optional<byte[]> next) {
        /// The people of the part, in order.
        public List<KnownPerson> users() {
            return keys.stream().flatMap(key -> user(key).stream()).toList();
        }

        /// The person whose key this is; none if it is that of a group.
        public Optional<KnownPerson> user(byte[] key) {
            return Optional.ofNullable(people.get(new User.Id(ListKeys.id(key))));
        }
    }

    /// A list as of a state no older than the caller's request.
    ///
    /// @throws Refused with `tooMany` if the filter or the order takes too long
    public Found list(Caller caller, Query query) {
        return query.filter().flatMap(filter -> PersonKey.of(filter).flatMap(key -> lookUps.find(caller, key))
            .map(people -> matching(query, filter, people, List.of())))
            .orElseGet(() -> list(caller.org(), query));
    }

    /// The same from the database.
    Found list(Org.Id org, Query query) {
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
        return found(slice, rows.all(tx, org, ids).stream().map(KnownPerson::new).toList());
    }

    private static Found found(Slice slice, List<KnownPerson> people) {
        return new Found(slice.keys(),
            people.stream().collect(Collectors.toMap(one -> one.person().id(), Function.identity())),
            slice.total(), slice.next());
    }

    private Found filtered(Org.Id org, Query query, Filter filter, Function<Tx, List<byte[]>> others) {
        return PersonKey.of(filter).map(key -> db.read(tx -> matching(query, filter,
            key.find(tx, org, rows).stream().map(KnownPerson::new).toList(), others.apply(tx))))
            .or(() -> inMemory(org, query, filter, others)).orElseGet(() -> scanned(org, query, filter, others));
    }

    /// Those whom an order tells that is in memory, or looked for among the few whom it leaves. Members of a role are found by their index.
    ///
    /// @return none if there is no such order, or it cannot be had at once
    private Optional<Found> inMemory(Org.Id org, Query query, Filter filter, Function<Tx, List<byte[]>> others) {
        if (role(filter).isPresent()) {
            return Optional.empty();
        }
        var all = KeyFilter.of(filter).filter(keys -> query.order().map(keys.order()::equals).orElse(true));
        return all.isPresent() ? byKeys(org, query, all.get(), others)
            : parts(filter).flatMap(keys -> amongFew(org, query, filter, keys, others).stream()).findFirst();
    }

    /// Parts of a filter that may leave few. At most one of them looks at each key.
    private static Stream<KeyFilter> parts(Filter filter) {
        var all = filter.conjuncts().stream().flatMap(part -> KeyFilter.ofWider(part).stream()).toList();
        return Stream.concat(all.stream().filter(KeyFilter::isRange),
            all.stream().filter(part -> !part.isRange()).limit(1));
    }

    private Optional<Found> byKeys(Org.Id org, Query query, KeyFilter keys, Function<Tx, List<byte[]>> others) {
        var isSorted = query.order().isPresent();
        return orders.readAtOnce(org, keys.order(), MatchingKeys.areCollected(keys, isSorted),
            (tx, all, watch) -> query.part().of(MatchingKeys.of(keys, all, isSorted, watch,
                new CollectedKeys(scannedBytes)).with(others.apply(tx))),
            (tx, slice) -> read(tx, org, slice));
    }

    /// @return none, too, if those who match a part of the filter are not few
    private Optional<Found> amongFew(Org.Id org, Query query, Filter filter, KeyFilter part,
        Function<Tx, List<byte[]>> others) {
        return orders.readAtOnce(org, part.order(), !part.isRange(),
            (_, all, watch) -> MatchingKeys.few(part, all, watch, FEW),
            (tx, few) -> few.map(ids -> matching(query, filter,
                rows.all(tx, org, ids).stream().map(KnownPerson::new).toList(), others.apply(tx))))
            .flatMap(found -> found);
    }

    /// @param people who alone can match
    private static Found matching(Query query, Filter filter, List<KnownPerson> people, List<byte[]> others) {
        var matching = people.stream().filter(one -> one.person().matches(filter, query.whole())).toList();
        var keys = matching.stream().map(one -> PeopleOrderRows.key(query.order(), one.person())).toList();
        return found(query.part().of(Ordered.of(keys).with(others)), matching);
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
            Consumer<ProvisionedUser> looking = user -> {
                watch.look();
                if (user.matches(filter, query.whole())) {
                    keys.add(PeopleOrderRows.key(query.order(), user));
                }
            };
            if (ProvisionedUser.isOfManagers(filter)) {
                rows.eachManaged(tx, org, role(filter), looking);
            } else {
                rows.each(tx, org, role(filter), looking);
            }
            if (!keys.fit()) {
                throw PeopleScans.tooMany();
            }
            return read(tx, org, query.part().of(Ordered.of(keys.all()).with(others.apply(tx))));
        });
    }
}
