package roster.user;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// All users of one organisation as of one version, in memory: found by id, counted, and listed in every order at any
/// depth, at a cost that does not grow with their number. The first use of an order sorts them all, the first use of a
/// filter looks at each of them once; a change keeps both current.
///
/// A change costs a few dozen comparisons an order and filter in use. Now and then one pays for many: arrays that are
/// full are copied into larger ones, and text is written anew when half of it is out of use, a memory copy of some 100
/// bytes a user each.
///
/// Many may read at once, and one change it while nobody reads; whoever owns it sees to that.
final class UserIndex {
    /// Of an order, in bytes a user; all orders are counted from the start, as each may be asked for.
    private static final long ORDERED = 6L * UserQuery.Sort.values().length;

    /// What an index of nobody takes, in bytes, about.
    static final long EMPTY = 4096;

    /// An object and where it is, besides what is in it.
    private static final int OBJECT = 28;

    /// What filters may take at least, in bytes, even of a small organisation.
    private static final long FILTERS_MIN = 256 << 10;

    /// With so many changes at once filters are looked for anew, and with this part of all users orders are sorted anew.
    private static final int FILTERED_MAX = 256;
    private static final int ORDERED_PART = 16;

    private static final List<Status> STATUSES = List.of(Status.values());

    private final Org.Id org;
    private final RoleSets sets = new RoleSets();
    private final SearchText texts = new SearchText();
    private final IdTable ids = new IdTable(this::packed);
    private final Map<UserQuery.Sort, Order> orders = new ConcurrentHashMap<>();
    private final Filters filters = new Filters();

    private byte[][] rows = new byte[16][];
    private byte[] statuses = new byte[16]; // of each row, as places in STATUSES
    private int[] roleSets = new int[16]; // of each row
    private int next;
    private int[] free = new int[16];
    private int freed;
    private int size;
    private long packedBytes;

    UserIndex(Org.Id org) {
        this.org = org;
    }

    private byte[] packed(int row) {
        return rows[row];
    }

    int size() {
        return size;
    }

    Optional<User> find(User.Id id) {
        var row = ids.find(id.value());
        return row < 0 ? Optional.empty() : Optional.of(user(row));
    }

    Optional<Kept> kept(User.Id id) {
        var row = ids.find(id.value());
        return row < 0 ? Optional.empty() : Optional.of(kept(row));
    }

    private Kept kept(int row) {
        return Kept.of(rows[row], org, sets.roles(roleSets[row]));
    }

    private User user(int row) {
        return kept(row).user();
    }

    /// Adds a user, or takes him in his new form.
    void put(User user) {
        var row = ids.find(user.id().value());
        var known = row >= 0;
        if (known) {
            takeOut(row);
        } else {
            row = freed > 0 ? free[--freed] : next++;
            if (row == rows.length) {
                rows = Arrays.copyOf(rows, row * 2);
                statuses = Arrays.copyOf(statuses, row * 2);
                roleSets = Arrays.copyOf(roleSets, row * 2);
            }
        }
        rows[row] = Packed.of(user);
        statuses[row] = (byte) STATUSES.indexOf(user.status());
        roleSets[row] = sets.enter(user.roles());
        packedBytes += rows[row].length + OBJECT;
        texts.put(row, Packed.utf8(Text.folded(user.email())), Packed.utf8(user.name().map(Text::folded).orElse("")));
        if (!known) {
            ids.add(user.id().value(), row);
        }
        size++;
        for (var order : orders.values()) {
            order.add(row);
        }
        for (var matches : filters.all()) {
            matches.add(row, belongs(matches.filter()));
        }
    }

    /// Nothing happens if he is not there.
    void remove(User.Id id) {
        var row = ids.find(id.value());
        if (row < 0) {
            return;
        }
        ids.remove(id.value());
        takeOut(row);
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed * 2);
        }
        free[freed++] = row;
    }

    /// Out of everything that goes by what he is like.
    private void takeOut(int row) {
        orders.values().forEach(order -> order.remove(row));
        filters.all().forEach(matches -> matches.remove(row));
        texts.remove(row);
        sets.leave(roleSets[row]);
        packedBytes -= rows[row].length + OBJECT;
        rows[row] = null;
        size--;
    }

    /// The same answer as the SQL of [Directory] gives.
    Directory.Page list(UserQuery query) {
        return list(new Walk(query, Optional.empty()), Long.MAX_VALUE).page();
    }

    /// @param next where the page ends, if there are more behind it
    record Listed(Directory.Page page, Optional<Place> next) {}

    /// The same, but after a place the page begins with whoever comes behind it now.
    ///
    /// @param bytesMax what users and remembered filters may take together
    Listed list(Walk walk, long bytesMax) {
        return list(walk, Optional.empty(), bytesMax);
    }

    /// The members of a role.
    Directory.Page members(Role.Id role, UserQuery query, long bytesMax) {
        return list(new Walk(query, Optional.empty()), Optional.of(role), bytesMax).page();
    }

    private Listed list(Walk walk, Optional<Role.Id> role, long bytesMax) {
        var query = walk.query();
        var filter = Filter.of(query, role);
        var order = filter.isOpen() ? order(query.sort()) : order(filter, query.sort(), bytesMax);
        var count = order.size();
        var offset = walk.after().map(place -> offset(query, count, order.rank(probe(query, place))))
            .orElse(query.paging().offset());
        var found = new Found(walk);
        order.each(offset, found.most(), query.descending(), found::add);
        var everybody = new Filter(Optional.empty(), Optional.empty(), role);
        var total = role.isEmpty() ? size
            : filter.equals(everybody) ? count : count(everybody, bytesMax);
        return found.listed(offset, total, count);
    }

    private int count(Filter filter, long bytesMax) {
        var matches = filters.get(filter);
        var count = matches.count(() -> search(filter));
        filters.grown(matches, filterBytes(bytesMax));
        return count;
    }

    private Order order(Filter filter, UserQuery.Sort sort, long bytesMax) {
        var matches = filters.get(filter);
        var count = matches.count(() -> search(filter));
        var order = matches.order(sort, rows -> ordered(order(sort), rows, count));
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
        private final Walk walk;
        private final int wanted;
        private final Kept.Page users;
        private int last;
        private int taken;

        private Found(Walk walk) {
            this.walk = walk;
            this.wanted = walk.query().paging().size();
            this.users = new Kept.Page(wanted);
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
            if (walk.after().isEmpty() || !walk.after().get().id().equals(Packed.id(rows[row]))) {
                users.add(kept(row));
                last = row;
            }
        }

        private Listed listed(long offset, int total, int count) {
            var more = !users.isEmpty() && offset + taken < count;
            return new Listed(new Directory.Page(users, total, count),
                more ? Optional.of(place(walk.query().sort(), last)) : Optional.empty());
        }
    }

    /// Ascending, all up to the place come before; descending, all but those before it do.
    private static long offset(UserQuery query, int count, int rank) {
        return query.descending() ? count - rank : rank;
    }

    private Order.Probe probe(UserQuery query, Place place) {
        return query.descending() ? row -> compare(query.sort(), row, place)
            : row -> compare(query.sort(), row, place) <= 0 ? -1 : 1;
    }

    private Place place(UserQuery.Sort sort, int row) {
        return new Place(key(sort, row), texts.email(row), Packed.id(rows[row]));
    }

    private int compare(UserQuery.Sort sort, int row, Place place) {
        var byKey = Arrays.compareUnsigned(key(sort, row), place.key());
        if (byKey != 0) {
            return byKey;
        }
        var byEmail = texts.compareEmail(row, place.email());
        return byEmail != 0 ? byEmail : Packed.compareIds(rows[row], Packed.idBytes(place.id()));
    }

    /// What a sort goes by, before e-mail and id, as bytes that compare as [#comparison] does.
    private byte[] key(UserQuery.Sort sort, int row) {
        return switch (sort) {
            case NAME -> texts.name(row);
            case EMAIL -> new byte[0];
            case HANDLE -> Packed.handle(rows[row]);
            case STATUS -> Packed.utf8(status(row));
            case TITLE -> title(row);
            case CREATED_AT -> Packed.sortable(Packed.created(rows[row]));
            case MODIFIED_AT -> Packed.sortable(Packed.modified(rows[row]));
        };
    }

    /// The rows that a filter lets through.
    private BitSet search(Filter filter) {
        var others = belongs(new Filter(Optional.empty(), filter.statuses(), filter.role()));
        return filter.text().map(Packed::utf8).map(text -> texts.matching(text, others)).orElseGet(() -> {
            var found = new BitSet(next);
            for (int row = 0; row < next; row++) {
                if (rows[row] != null && others.test(row)) {
                    found.set(row);
                }
            }
            return found;
        });
    }

    /// Whether a filter lets a row through.
    private IntPredicate belongs(Filter filter) {
        IntPredicate belongs = filter.statuses().map(wanted -> {
            var places = new boolean[STATUSES.size()];
            wanted.forEach(status -> places[STATUSES.indexOf(status)] = true);
            return (IntPredicate) row -> places[statuses[row]];
        }).orElse(row -> true);
        if (filter.role().isPresent()) {
            var with = sets.with(filter.role().get());
            belongs = belongs.and(row -> with.get(roleSets[row]));
        }
        if (filter.text().isPresent()) {
            var text = Packed.utf8(filter.text().get());
            belongs = belongs.and(row -> texts.holds(row, text));
        }
        return belongs;
    }

    private static Order ordered(Order order, BitSet rows, int count) {
        // Few: sorting them is less work than going through all.
        return count < order.size() / 32 ? order.among(rows.stream().toArray()) : order.among(count, rows::get);
    }

    /// So many are about to be put. Beyond some, looking again costs less than keeping filters and orders current.
    void expect(int changes) {
        if (changes > FILTERED_MAX) {
            filters.forget(filter -> true);
        }
        if (changes > FILTERED_MAX + size / ORDERED_PART) {
            orders.clear();
        }
    }

    /// Whether there is no place for more: search text is one array.
    boolean isFull() {
        return texts.isFull();
    }

    /// Brings orders and filters up to date after changes, so that reading changes nothing.
    ///
    /// @param bytesMax as for [#list(Walk, long)]
    void settle(long bytesMax) {
        orders.values().forEach(Order::settle);
        filters.settle(filterBytes(bytesMax));
    }

    /// Roles that are no more are no longer anybody's.
    void forgetRoles(Collection<Role.Id> gone) {
        sets.forget(gone);
        filters.forget(filter -> filter.role().filter(gone::contains).isPresent());
    }

    /// Roles were renamed: everybody's are listed by name.
    void sortRoles(Collection<Role.Id> renamed, Comparator<Role.Id> byName) {
        sets.sort(renamed, byName);
    }

    private Order order(UserQuery.Sort sort) {
        return orders.computeIfAbsent(sort, wanted -> {
            var all = new int[size];
            for (int row = 0, at = 0; row < next; row++) {
                if (rows[row] != null) {
                    all[at++] = row;
                }
            }
            var comparison = comparison(wanted);
            return Order.of(all, comparison, byBeginnings(wanted, comparison));
        });
    }

    /// The same as a comparison, but most are decided by the first eight bytes of the keys, which lie side by side.
    private Order.Comparison byBeginnings(UserQuery.Sort sort, Order.Comparison comparison) {
        var beginnings = new long[next];
        var folded = new HashMap<String, byte[]>(); // titles are few, and dear to fold
        var titles = new byte[sort == UserQuery.Sort.TITLE ? next : 0][];
        for (int row = 0; row < next; row++) {
            if (rows[row] == null) {
                continue;
            }
            if (sort == UserQuery.Sort.TITLE) {
                titles[row] = folded.computeIfAbsent(Packed.title(rows[row]), UserIndex::folded);
                beginnings[row] = Packed.beginning(titles[row]);
            } else {
                beginnings[row] = Packed.beginning(sort == UserQuery.Sort.EMAIL ? texts.email(row) : key(sort, row));
            }
        }
        Order.Comparison rest = sort == UserQuery.Sort.TITLE
            ? (a, b) -> then(Arrays.compareUnsigned(titles[a], titles[b]), a, b)
            : comparison;
        return (a, b) -> beginnings[a] == beginnings[b] ? rest.compare(a, b)
            : Long.compareUnsigned(beginnings[a], beginnings[b]);
    }

    /// By the sort's own key, then by e-mail, then by id.
    private Order.Comparison comparison(UserQuery.Sort sort) {
        return switch (sort) {
            case NAME -> (a, b) -> then(texts.compareNames(a, b), a, b);
            case EMAIL -> (a, b) -> then(0, a, b);
            case HANDLE -> (a, b) -> then(Packed.compareHandles(rows[a], rows[b]), a, b);
            case STATUS -> (a, b) -> then(status(a).compareTo(status(b)), a, b);
            case TITLE -> (a, b) -> then(Arrays.compareUnsigned(title(a), title(b)), a, b);
            case CREATED_AT -> (a, b) -> then(Long.compare(Packed.created(rows[a]), Packed.created(rows[b])), a, b);
            case MODIFIED_AT -> (a, b) -> then(Long.compare(Packed.modified(rows[a]), Packed.modified(rows[b])), a, b);
        };
    }

    private int then(int first, int row, int other) {
        if (first != 0) {
            return first;
        }
        var byEmail = texts.compareEmails(row, other);
        return byEmail != 0 ? byEmail : Packed.compareIds(rows[row], rows[other]);
    }

    private byte[] title(int row) {
        return folded(Packed.title(rows[row]));
    }

    private static byte[] folded(String title) {
        return Packed.utf8(Text.folded(title));
    }

    private String status(int row) {
        return STATUSES.get(statuses[row]).text();
    }

    /// What it takes in memory, in bytes, about: of its users, with all orders, and of remembered filters.
    long bytes() {
        return userBytes() + filters.bytes();
    }

    private long userBytes() {
        return EMPTY + packedBytes + texts.size() + ids.bytes() + sets.bytes() + 9L * rows.length + ORDERED * size;
    }
}
