package roster.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// All users of one organisation as of one version, in memory: found by id, counted, and listed in every order at any
/// depth, at a cost that does not grow with their number. The first use of a filter looks at each of them once.
///
/// Many may read at once, and one change it while nobody reads; whoever owns it sees to that.
final class UserIndex {
    /// Filters whose outcome is kept until the next change.
    private static final int FILTERS_KEPT = 16;

    private record Filter(Optional<String> text, Optional<Set<Status>> statuses) {}

    /// @param ordered for each order asked for: the matching rows in it
    private record Matches(BitSet rows, int count, Map<UserQuery.Sort, int[]> ordered) {
        private long bytes() {
            return rows.size() / 8 + 4L * count * ordered.size();
        }
    }

    private final Org.Id org;
    private final RoleSets sets = new RoleSets();
    private final SearchText texts = new SearchText();
    private final IdTable ids = new IdTable(this::packed);
    private final Map<UserQuery.Sort, Order> orders = new ConcurrentHashMap<>();
    private final Cache<Filter, Matches> filters =
        Caffeine.newBuilder().maximumSize(FILTERS_KEPT).executor(Runnable::run)
            .build();

    private byte[][] rows = new byte[16][];
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
        return Kept.of(rows[row], org, sets.roles(Packed.roleSet(rows[row])));
    }

    private User user(int row) {
        return kept(row).user();
    }

    /// Adds a user, or takes him in his new form.
    void put(User user) {
        remove(user.id());
        var row = freed > 0 ? free[--freed] : next++;
        if (row == rows.length) {
            rows = Arrays.copyOf(rows, row * 2);
        }
        rows[row] = Packed.of(user, sets.number(user.roles()));
        packedBytes += rows[row].length + 24;
        texts.put(row, Packed.utf8(Text.folded(user.email())), Packed.utf8(user.name().map(Text::folded).orElse("")));
        ids.add(user.id().value(), row);
        orders.values().forEach(order -> order.add(row));
        size++;
        filters.invalidateAll();
    }

    /// Nothing happens if he is not there.
    void remove(User.Id id) {
        var row = ids.find(id.value());
        if (row < 0) {
            return;
        }
        orders.values().forEach(order -> order.remove(row));
        ids.remove(id.value());
        texts.remove(row);
        packedBytes -= rows[row].length + 24;
        rows[row] = null;
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed * 2);
        }
        free[freed++] = row;
        size--;
        filters.invalidateAll();
    }

    /// The same answer as the SQL of [Directory] gives.
    Directory.Page list(UserQuery query) {
        return list(new Walk(query, Optional.empty())).page();
    }

    /// @param next where the page ends, if there are more behind it
    record Listed(Directory.Page page, Optional<Place> next) {}

    /// The same, but after a place the page begins with whoever comes behind it now.
    Listed list(Walk walk) {
        var query = walk.query();
        var order = order(query.sort());
        var found = new Found(walk);
        if (query.text().isEmpty() && query.statuses().isEmpty()) {
            var offset = walk.after().map(place -> offset(query, size, order.rank(probe(query, place))))
                .orElse(query.paging().offset());
            order.each(offset, found.most(), query.descending(), found::add);
            return found.listed(offset, size);
        }
        var matches = matches(new Filter(query.text().map(Text::folded), query.statuses()));
        var ordered = matches.ordered().computeIfAbsent(query.sort(), sort -> ordered(order, matches));
        var offset = walk.after()
            .map(place -> offset(query, ordered.length, Order.search(ordered, ordered.length, probe(query, place))))
            .orElse(query.paging().offset());
        for (long i = offset; i < Math.min(ordered.length, offset + found.most()); i++) {
            found.add(ordered[(int) (query.descending() ? ordered.length - 1 - i : i)]);
        }
        return found.listed(offset, matches.count());
    }

    /// A page that is being filled. Whoever the page before ended with is not shown again: another e-mail address, by
    /// which ties are sorted, may have brought him behind his old place.
    private final class Found {
        private final Walk walk;
        private final int wanted;
        private final Kept.Page users = new Kept.Page();
        private int last;
        private int taken;

        private Found(Walk walk) {
            this.walk = walk;
            this.wanted = walk.query().paging().size();
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

        private Listed listed(long offset, int count) {
            var more = !users.isEmpty() && offset + taken < count;
            return new Listed(new Directory.Page(users, size, count),
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
            case HANDLE -> handle(row);
            case STATUS -> Packed.utf8(status(row));
            case TITLE -> title(row);
            case CREATED_AT -> Packed.sortable(Packed.created(rows[row]));
            case MODIFIED_AT -> Packed.sortable(Packed.modified(rows[row]));
        };
    }

    private Matches matches(Filter filter) {
        return filters.get(filter, wanted -> {
            var found = new BitSet(next);
            if (wanted.text().isPresent() && !wanted.text().get().isEmpty()) {
                texts.matching(Packed.utf8(wanted.text().get()), row -> found.set(row));
            } else {
                for (int row = 0; row < next; row++) {
                    found.set(row, rows[row] != null);
                }
            }
            wanted.statuses().ifPresent(statuses -> {
                for (int row = found.nextSetBit(0); row >= 0; row = found.nextSetBit(row + 1)) {
                    if (!statuses.contains(Packed.status(rows[row]))) {
                        found.clear(row);
                    }
                }
            });
            return new Matches(found, found.cardinality(), new ConcurrentHashMap<>());
        });
    }

    private int[] ordered(Order order, Matches matches) {
        var ordered = new int[matches.count()];
        if (matches.count() < size / 32) { // few: sorting them is less work than going through all
            var at = 0;
            for (int row = matches.rows().nextSetBit(0); row >= 0; row = matches.rows().nextSetBit(row + 1)) {
                ordered[at++] = row;
            }
            return order.sorted(ordered);
        }
        var at = new int[1];
        order.each(0, size, false, row -> {
            if (matches.rows().get(row)) {
                ordered[at[0]++] = row;
            }
        });
        return ordered;
    }

    /// Brings the orders up to date after changes, so that reading changes nothing.
    void settle() {
        orders.values().forEach(Order::settle);
    }

    /// Roles that are no more are no longer anybody's.
    void forgetRoles(Collection<Role.Id> gone) {
        sets.forget(gone);
    }

    /// Roles were renamed: everybody's are listed by name.
    void sortRoles(Comparator<Role.Id> byName) {
        sets.sort(byName);
    }

    private Order order(UserQuery.Sort sort) {
        return orders.computeIfAbsent(sort, wanted -> {
            var all = new int[size];
            for (int row = 0, at = 0; row < next; row++) {
                if (rows[row] != null) {
                    all[at++] = row;
                }
            }
            return Order.of(all, comparison(wanted));
        });
    }

    /// By the sort's own key, then by e-mail, then by id.
    private Order.Comparison comparison(UserQuery.Sort sort) {
        return switch (sort) {
            case NAME -> (a, b) -> then(texts.compareNames(a, b), a, b);
            case EMAIL -> (a, b) -> then(0, a, b);
            case HANDLE -> (a, b) -> then(Arrays.compareUnsigned(handle(a), handle(b)), a, b);
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

    private byte[] handle(int row) {
        return Packed.utf8(user(row).handle());
    }

    private byte[] title(int row) {
        return Packed.foldedTitle(rows[row], org, sets);
    }

    private String status(int row) {
        return Packed.status(rows[row]).text();
    }

    /// What it takes in memory, in bytes, about.
    long bytes() {
        return packedBytes + texts.size() + 8L * rows.length + 10L * size * orders.size() + 8L * size
            + filters.asMap().values().stream().mapToLong(Matches::bytes).sum();
    }
}
