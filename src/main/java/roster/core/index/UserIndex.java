package roster.core.index;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// All users of one organisation, in memory: found by id, counted, and listed in every order, page by page, at a cost that
/// does not grow with their number. The first use of an order sorts all users, and the first use of a filter looks at each
/// user once; later changes update both.
///
/// A change costs a few dozen comparisons for each order and each filter in use. From time to time one change pays for
/// many: full arrays are copied into larger ones, and text is compacted when half of it is garbage. Either copies about
/// 100 bytes for each user.
///
/// Any number of threads may read it at once. One thread may change it while no other reads it; the owner takes care of
/// that.
public final class UserIndex {
    /// The size of all orders, in bytes for each user. They are counted from the start, as any may be asked for.
    private static final long ORDERS_BYTES = 6L * UserQuery.Sort.values().length;

    /// The approximate size of an index without users, in bytes.
    public static final long EMPTY = 4096;

    /// What the results of filters may always take, in bytes, however small the organisation.
    private static final long FILTERS_MIN = 256 << 10;

    /// With more changes at once than this, the results of filters are dropped; with this many more than one in so many
    /// users, the orders too.
    private static final int UPDATES_MAX = 256;
    private static final int UPDATED_PART = 16;

    private final UserRows rows;
    private final Map<UserQuery.Sort, RankedRows> orders = new ConcurrentHashMap<>();
    private final FilterCache filters;

    public UserIndex(Org.Id org) {
        this.rows = new UserRows(org);
        this.filters = new FilterCache(filter -> new FilterResult(filter, rows::status, rows.belongs(filter)));
    }

    public int size() {
        return rows.size();
    }

    public Optional<User> find(User.Id id) {
        return packed(id).map(PackedUser::user);
    }

    public Optional<PackedUser> packed(User.Id id) {
        var row = rows.find(id);
        return row < 0 ? Optional.empty() : Optional.of(rows.packed(row));
    }

    /// Adds or replaces a user. Once the index has been listed, call [#expect] before such changes and [#settle] after them.
    public void put(User user) {
        var old = rows.find(user.id());
        if (old >= 0) {
            takeOut(old);
        }
        var row = rows.put(old, user);
        for (var result : filters.all()) {
            result.add(row);
        }
        orders.values().forEach(order -> order.add(row));
    }

    /// No-op if absent.
    void remove(User.Id id) {
        var row = rows.find(id);
        if (row >= 0) {
            takeOut(row);
            rows.free(row);
        }
    }

    /// Takes the user out of the row and out of all that is sorted or filtered by it.
    private void takeOut(int row) {
        orders.values().forEach(order -> order.remove(row));
        filters.all().forEach(result -> result.remove(row));
        rows.takeOut(row);
    }

    /// A page by its number.
    public Page<PackedUser> list(UserQuery query) {
        return list(new ListRequest(query, Optional.empty()), Long.MAX_VALUE).page();
    }

    /// A page of users.
    ///
    /// @param next where the page ends, if more users follow it
    public record Listed(Page<PackedUser> page, Optional<SortPosition> next) {}

    /// A page by its number or after a position: then it begins with the first user who is after that position now.
    ///
    /// @param bytesMax bounds the memory of users and filters together, in bytes
    public Listed list(ListRequest request, long bytesMax) {
        return list(request, Optional.empty(), bytesMax);
    }

    /// The members of a role, including disabled users.
    ///
    /// @param bytesMax as for [#list(ListRequest, long)]
    public Page<PackedUser> members(Role.Id role, UserQuery query, long bytesMax) {
        return list(new ListRequest(query, Optional.empty()), Optional.of(role), bytesMax).page();
    }

    private Listed list(ListRequest request, Optional<Role.Id> role, long bytesMax) {
        var query = request.query();
        var filter = UserFilter.of(query, role);
        var found = new Found(request);
        var matching = matching(filter.isOpen() ? Optional.empty() : Optional.of(result(filter, bytesMax)),
            query.sort(), bytesMax);
        var count = matching.count();
        var offset = request.after().map(position -> offset(query, count, matching.rank(probe(query, position))))
            .orElse(query.paging().offset());
        matching.each(offset, found.most(), query.descending(), found::add);
        var total = role.map(UserFilter::of).map(all -> filter.equals(all) ? count : result(all, bytesMax).count())
            .orElseGet(rows::size);
        return found.listed(offset, total, count);
    }

    /// A page of people.
    ///
    /// @param bytesMax as for [#list(ListRequest, long)]
    public PeopleSlice people(PeopleRequest request, long bytesMax) {
        var filter = UserFilter.of(request);
        var others = filter.anyStatus();
        var kind = rows.counts(filter.kind());
        var byStatus = others.isOfKind() ? kind.byStatus() : result(others, bytesMax).byStatus();
        var result = filter.isOpen() ? Optional.<FilterResult>empty() : Optional.of(narrowed(filter, others, bytesMax));
        return new PeopleReader(request, rows, matching(result, request.query().sort(), bytesMax)).slice(kind.all(),
            byStatus);
    }

    private Matching matching(Optional<FilterResult> result, UserQuery.Sort sort, long bytesMax) {
        return new Matching(order(sort), result, result.flatMap(some -> some.known(sort)),
            () -> order(result.orElseThrow(), sort, bytesMax));
    }

    /// The result of a filter, out of that of the same filter without its statuses.
    private FilterResult narrowed(UserFilter filter, UserFilter others, long bytesMax) {
        if (filter.equals(others) || others.isOpen()) {
            return result(filter, bytesMax);
        }
        var wider = result(others, bytesMax);
        return result(filter, () -> rows.among(wider.rows(), filter.statuses()), bytesMax);
    }

    /// The number of enabled users of each role.
    public Map<Role.Id, Long> enabledMembers() {
        return rows.enabledMembers();
    }

    /// The combinations of roles that include one of these, and how many users have each.
    public List<RoleSet> roleSets(Collection<Role.Id> any) {
        return rows.roleSets(any);
    }

    private FilterResult result(UserFilter filter, long bytesMax) {
        return result(filter, () -> rows.search(filter), bytesMax);
    }

    private FilterResult result(UserFilter filter, Supplier<BitSet> search, long bytesMax) {
        var result = filters.get(filter);
        result.fill(search);
        filters.grown(result, filterBytes(bytesMax));
        return result;
    }

    private Ranking order(FilterResult result, UserQuery.Sort sort, long bytesMax) {
        var order = result.order(sort, () -> order(sort));
        filters.grown(result, filterBytes(bytesMax));
        return order;
    }

    /// What the results of filters may take: half of what the users take, within what is left of the memory.
    private long filterBytes(long bytesMax) {
        return Math.min(bytesMax - userBytes(), Math.max(FILTERS_MIN, userBytes() / 2));
    }

    /// A page that is being filled. It leaves out the user that the previous page ended with: a new e-mail, by which equal
    /// keys are sorted, may have moved that user behind the position.
    private final class Found {
        private final ListRequest request;
        private final int wanted;
        private final List<PackedUser> users;
        private int last;
        private int taken;

        private Found(ListRequest request) {
            this.request = request;
            this.wanted = request.query().paging().size();
            this.users = new ArrayList<>(wanted);
        }

        /// How many rows to add, the one that is left out included.
        private int most() {
            return request.after().isPresent() ? wanted + 1 : wanted;
        }

        private void add(int row) {
            if (users.size() == wanted) {
                return;
            }
            taken++;
            if (request.after().isEmpty() || !request.after().get().id().equals(rows.id(row))) {
                users.add(rows.packed(row));
                last = row;
            }
        }

        private Listed listed(long offset, int total, int count) {
            var more = !users.isEmpty() && offset + taken < count;
            return new Listed(new Page<>(users, total, count),
                more ? Optional.of(rows.position(request.query().sort(), last)) : Optional.empty());
        }
    }

    /// How many rows to skip: ascending, all up to the position; descending, all but those before it.
    private static long offset(UserQuery query, int count, int rank) {
        return query.descending() ? count - rank : rank;
    }

    private Ranking.Probe probe(UserQuery query, SortPosition position) {
        return query.descending() ? row -> rows.compare(query.sort(), row, position)
            : row -> rows.compare(query.sort(), row, position) <= 0 ? -1 : 1;
    }

    /// Prepares for this many calls of [#put]. If there are many, computing filters and orders anew costs less than
    /// updating them.
    public void expect(int changes) {
        if (changes > UPDATES_MAX) {
            filters.forget(filter -> true);
        }
        if (changes > UPDATES_MAX + rows.size() / UPDATED_PART) {
            orders.clear();
        }
    }

    /// Whether no more users fit: their search text is one array.
    public boolean isFull() {
        return rows.isFull();
    }

    /// Completes changes, so that threads can read at once.
    ///
    /// @param bytesMax as for [#list(ListRequest, long)]
    public void settle(long bytesMax) {
        orders.values().forEach(RankedRows::settle);
        filters.settle(filterBytes(bytesMax));
    }

    /// Takes deleted roles from all users.
    public void forgetRoles(Collection<Role.Id> deleted) {
        rows.forgetRoles(deleted);
        filters.forget(UserFilter::asksForRoles);
    }

    /// Sorts the roles of all users anew after roles were renamed.
    public void sortRoles(Collection<Role.Id> renamed, Comparator<Role.Id> byName) {
        rows.sortRoles(renamed, byName);
    }

    private RankedRows order(UserQuery.Sort sort) {
        return orders.computeIfAbsent(sort, wanted -> {
            var comparison = rows.comparison(wanted);
            return RankedRows.of(rows.all(), comparison, rows.byBeginnings(wanted, comparison));
        });
    }

    /// Its approximate size in memory, in bytes: users, all orders, and the results of filters.
    public long bytes() {
        return userBytes() + filters.bytes();
    }

    private long userBytes() {
        return EMPTY + rows.bytes() + ORDERS_BYTES * rows.size();
    }
}
