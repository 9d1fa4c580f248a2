package roster.core.index;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// All users of one organisation as of one version, in memory: found by id, counted, and listed in every order at any
/// depth, at a cost that does not grow with their number. The first use of an order sorts them all, the first use of a
/// filter looks at each of them once; a change keeps both current.
///
/// A change costs a few dozen comparisons an order and filter in use. Now and then one pays for many: arrays that are
/// full are copied into larger ones, and text is written anew when half of it is out of use, a memory copy of some 100
/// bytes a user each.
///
/// Many may read at once, and one change it while nobody reads; whoever owns it sees to that.
public final class UserIndex {
    /// Of an order, in bytes a user; all orders are counted from the start, as each may be asked for.
    private static final long ORDERED = 6L * UserQuery.Sort.values().length;

    /// What an index of nobody takes, in bytes, about.
    public static final long EMPTY = 4096;

    /// What filters may take at least, in bytes, even of a small organisation.
    private static final long FILTERS_MIN = 256 << 10;

    /// With so many changes at once filters are looked for anew, and with this part of all users orders are sorted anew.
    private static final int FILTERED_MAX = 256;
    private static final int ORDERED_PART = 16;

    private final UserRows rows;
    private final Map<UserQuery.Sort, RankedRows> orders = new ConcurrentHashMap<>();
    private final FilterCache filters = new FilterCache();

    public UserIndex(Org.Id org) {
        this.rows = new UserRows(org);
    }

    public int size() {
        return rows.size();
    }

    public Optional<User> find(User.Id id) {
        return kept(id).map(PackedUser::user);
    }

    public Optional<PackedUser> kept(User.Id id) {
        var row = rows.find(id);
        return row < 0 ? Optional.empty() : Optional.of(rows.kept(row));
    }

    /// Adds a user, or takes him in his new form.
    public void put(User user) {
        var old = rows.find(user.id());
        if (old >= 0) {
            takeOut(old);
        }
        var row = rows.put(old, user);
        orders.values().forEach(order -> order.add(row));
        for (var matches : filters.all()) {
            matches.add(row, rows.belongs(matches.filter()));
        }
    }

    /// Nothing happens if he is not there.
    void remove(User.Id id) {
        var row = rows.find(id);
        if (row >= 0) {
            takeOut(row);
            rows.free(row);
        }
    }

    /// Out of everything that goes by what he is like.
    private void takeOut(int row) {
        orders.values().forEach(order -> order.remove(row));
        filters.all().forEach(matches -> matches.remove(row));
        rows.takeOut(row);
    }

    /// The same answer as the SQL of [Directory] gives.
    public Page<PackedUser> list(UserQuery query) {
        return list(new ListRequest(query, Optional.empty()), Long.MAX_VALUE).page();
    }

    /// @param next where the page ends, if there are more behind it
    public record Listed(Page<PackedUser> page, Optional<SortPosition> next) {}

    /// The same, but after a place the page begins with whoever comes behind it now.
    ///
    /// @param bytesMax what users and remembered filters may take together
    public Listed list(ListRequest walk, long bytesMax) {
        return list(walk, Optional.empty(), bytesMax);
    }

    /// The members of a role.
    public Page<PackedUser> members(Role.Id role, UserQuery query, long bytesMax) {
        return list(new ListRequest(query, Optional.empty()), Optional.of(role), bytesMax).page();
    }

    private Listed list(ListRequest walk, Optional<Role.Id> role, long bytesMax) {
        var query = walk.query();
        var filter = UserFilter.of(query, role);
        var order = filter.isOpen() ? order(query.sort()) : order(filter, query.sort(), bytesMax);
        var count = order.size();
        var offset = walk.after().map(place -> offset(query, count, order.rank(probe(query, place))))
            .orElse(query.paging().offset());
        var found = new Found(walk);
        order.each(offset, found.most(), query.descending(), found::add);
        var everybody = new UserFilter(Optional.empty(), Optional.empty(), role);
        var total = role.isEmpty() ? rows.size()
            : filter.equals(everybody) ? count : count(everybody, bytesMax);
        return found.listed(offset, total, count);
    }

    /// How many enabled users have each role.
    public Map<Role.Id, Long> enabledMembers() {
        return rows.enabledMembers();
    }

    private int count(UserFilter filter, long bytesMax) {
        var matches = filters.get(filter);
        var count = matches.count(() -> rows.search(filter));
        filters.grown(matches, filterBytes(bytesMax));
        return count;
    }

    private RankedRows order(UserFilter filter, UserQuery.Sort sort, long bytesMax) {
        var matches = filters.get(filter);
        var count = matches.count(() -> rows.search(filter));
        var order = matches.order(sort, found -> ordered(order(sort), found, count));
        filters.grown(matches, filterBytes(bytesMax));
        return order;
    }

    /// Half of what the users take, if there is room for as much.
    private long filterBytes(long bytesMax) {
        return Math.min(bytesMax - userBytes(), Math.max(FILTERS_MIN, userBytes() / 2));
    }

    /// A page that is being filled. Whoever the page before ended with is not shown again: another e-mail address, by
    /// which ties are sorted, may have brought him behind his old place.
    private final class Found {
        private final ListRequest walk;
        private final int wanted;
        private final List<PackedUser> users;
        private int last;
        private int taken;

        private Found(ListRequest walk) {
            this.walk = walk;
            this.wanted = walk.query().paging().size();
            this.users = new ArrayList<>(wanted);
        }

        /// How many rows to offer it.
        private int most() {
            return walk.after().isPresent() ? wanted + 1 : wanted;
        }

        private void add(int row) {
            if (users.size() == wanted) {
                return;
            }
            taken++;
            if (walk.after().isEmpty() || !walk.after().get().id().equals(rows.id(row))) {
                users.add(rows.kept(row));
                last = row;
            }
        }

        private Listed listed(long offset, int total, int count) {
            var more = !users.isEmpty() && offset + taken < count;
            return new Listed(new Page<>(users, total, count),
                more ? Optional.of(rows.place(walk.query().sort(), last)) : Optional.empty());
        }
    }

    /// Ascending, all up to the place come before; descending, all but those before it do.
    private static long offset(UserQuery query, int count, int rank) {
        return query.descending() ? count - rank : rank;
    }

    private RankedRows.Probe probe(UserQuery query, SortPosition place) {
        return query.descending() ? row -> rows.compare(query.sort(), row, place)
            : row -> rows.compare(query.sort(), row, place) <= 0 ? -1 : 1;
    }

    private static RankedRows ordered(RankedRows order, BitSet found, int count) {
        // Few: sorting them is less work than going through all.
        return count < order.size() / 32 ? order.among(found.stream().toArray()) : order.among(count, found::get);
    }

    /// So many are about to be put. Beyond some, looking again costs less than keeping filters and orders current.
    public void expect(int changes) {
        if (changes > FILTERED_MAX) {
            filters.forget(filter -> true);
        }
        if (changes > FILTERED_MAX + rows.size() / ORDERED_PART) {
            orders.clear();
        }
    }

    /// Whether there is no place for more: search text is one array.
    public boolean isFull() {
        return rows.isFull();
    }

    /// Brings orders and filters up to date after changes, so that reading changes nothing.
    ///
    /// @param bytesMax as for [#list(Walk, long)]
    public void settle(long bytesMax) {
        orders.values().forEach(RankedRows::settle);
        filters.settle(filterBytes(bytesMax));
    }

    /// Roles that are no more are no longer anybody's.
    public void forgetRoles(Collection<Role.Id> gone) {
        rows.forgetRoles(gone);
        filters.forget(filter -> filter.role().filter(gone::contains).isPresent());
    }

    /// Roles were renamed: everybody's are listed by name.
    public void sortRoles(Collection<Role.Id> renamed, Comparator<Role.Id> byName) {
        rows.sortRoles(renamed, byName);
    }

    private RankedRows order(UserQuery.Sort sort) {
        return orders.computeIfAbsent(sort, wanted -> {
            var comparison = rows.comparison(wanted);
            return RankedRows.of(rows.all(), comparison, rows.byBeginnings(wanted, comparison));
        });
    }

    /// What it takes in memory, in bytes, about: of its users, with all orders, and of remembered filters.
    public long bytes() {
        return userBytes() + filters.bytes();
    }

    private long userBytes() {
        return EMPTY + rows.bytes() + ORDERED * rows.size();
    }
}
