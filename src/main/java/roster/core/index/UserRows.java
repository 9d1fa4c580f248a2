package roster.core.index;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntPredicate;
import roster.core.index.PeopleFilter.Kind;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// The users of an index, each in a row: the packed user, its search text, and how two rows compare in each sort. A user
/// stays in the same row for as long as it is in the index. The rows of removed users are used again.
final class UserRows {
    /// The size of an object's header and of a reference to it, in bytes.
    private static final int OBJECT = 28;

    private final Org.Id org;
    private final RoleSets sets = new RoleSets();
    private final SearchText texts = new SearchText();
    private final RowNotes notes = new RowNotes();
    private final IdTable ids = new IdTable(row -> UserCodec.id(this.rows[row]));

    private byte[][] rows = new byte[16][];
    private byte[] marks = new byte[16]; // of each row, as UserMarks has them
    private int[] roleSets = new int[16]; // of each row, as number in `sets`
    private int next; // the first row that was never used
    private int[] free = new int[16]; // rows to use again
    private int freed; // how many of them
    private int size;
    private long packedBytes;
    private final StatusCounts people = new StatusCounts();
    private final StatusCounts serviceAccounts = new StatusCounts();

    UserRows(Org.Id org) {
        this.org = org;
    }

    /// The number of users.
    int size() {
        return size;
    }

    /// @return the user's row, or -1 if absent
    int find(User.Id id) {
        return ids.find(id.value());
    }

    UUID id(int row) {
        return UserCodec.id(rows[row]);
    }

    PackedUser packed(int row) {
        return PackedUser.of(rows[row], org, sets.roles(roleSets[row]), notes, row);
    }

    /// Adds a user, or puts one back after [#takeOut].
    ///
    /// @param old the row that the user was taken out of; negative for a new user
    /// @return the user's row
    int put(int old, User user) {
        var row = old >= 0 ? old : unused();
        rows[row] = UserCodec.of(user);
        marks[row] = UserMarks.of(user);
        counts(row).add(status(row), 1);
        roleSets[row] = sets.enter(user.roles(), kind(row), status(row));
        packedBytes += rows[row].length + OBJECT;
        texts.put(row, UserCodec.utf8(Text.folded(user.email())),
            UserCodec.utf8(user.name().map(Text::folded).orElse("")));
        if (old < 0) {
            ids.add(user.id().value(), row);
        }
        size++;
        return row;
    }

    private int unused() {
        var row = freed > 0 ? free[--freed] : next++;
        if (row == rows.length) {
            rows = Arrays.copyOf(rows, row * 2);
            marks = Arrays.copyOf(marks, row * 2);
            roleSets = Arrays.copyOf(roleSets, row * 2);
            notes.grow(row * 2);
        }
        return row;
    }

    /// Takes a user out of a row. Then either [#put] fills the row again or [#free] releases it.
    void takeOut(int row) {
        notes.erase(row);
        texts.remove(row);
        sets.leave(roleSets[row], kind(row), status(row));
        counts(row).add(status(row), -1);
        packedBytes -= rows[row].length + OBJECT;
        size--;
    }

    /// Releases a row after [#takeOut].
    void free(int row) {
        ids.remove(id(row));
        rows[row] = null;
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed * 2);
        }
        free[freed++] = row;
    }

    private Kind kind(int row) {
        return UserMarks.isServiceAccount(marks[row]) ? Kind.SERVICE : Kind.PEOPLE;
    }

    private StatusCounts counts(int row) {
        return UserMarks.isServiceAccount(marks[row]) ? serviceAccounts : people;
    }

    /// How many users of a kind there are.
    StatusCounts counts(Kind kind) {
        return switch (kind) {
            case PEOPLE -> people;
            case SERVICE -> serviceAccounts;
            case BOTH -> people.with(serviceAccounts);
        };
    }

    Status status(int row) {
        return UserMarks.status(marks[row]);
    }

    /// The rows of all users.
    int[] all() {
        var all = new int[size];
        for (int row = 0, at = 0; row < next; row++) {
            if (rows[row] != null) {
                all[at++] = row;
            }
        }
        return all;
    }

    /// The position of a row in a sort.
    SortPosition position(UserQuery.Sort sort, int row) {
        return new SortPosition(key(sort, row), texts.email(row), UserCodec.id(rows[row]));
    }

    /// Compares a row with a position in a sort; negative if the row comes first.
    int compare(UserQuery.Sort sort, int row, SortPosition position) {
        var byKey = Arrays.compareUnsigned(key(sort, row), position.key());
        if (byKey != 0) {
            return byKey;
        }
        var byEmail = texts.compareEmail(row, position.email());
        return byEmail != 0 ? byEmail : UserCodec.compareIds(rows[row], UserCodec.idBytes(position.id()));
    }

    /// The key of a row in a sort, as bytes that compare, unsigned, as [#comparison] does before it looks at e-mail and id.
    private byte[] key(UserQuery.Sort sort, int row) {
        return switch (sort) {
            case NAME -> texts.name(row);
            case EMAIL -> new byte[0];
            case HANDLE -> UserCodec.handle(rows[row]);
            case STATUS -> UserCodec.utf8(status(row).text());
            case TITLE -> title(row);
            case CREATED_AT, MODIFIED_AT, LAST_SIGN_IN -> UserCodec.sortable(time(sort, row));
        };
    }

    private long time(UserQuery.Sort sort, int row) {
        return switch (sort) {
            case MODIFIED_AT -> UserCodec.modified(rows[row]);
            case LAST_SIGN_IN -> UserCodec.lastLogin(rows[row]);
            default -> UserCodec.created(rows[row]);
        };
    }

    /// The rows that match a filter.
    BitSet search(UserFilter filter) {
        var sets = this.sets.withAny(filter.roles(), filter.withoutRoles());
        var others = belongs(filter.anyText(), row -> sets.get(roleSets[row]));
        if (filter.text().isPresent()) {
            var found = texts.matching(UserCodec.utf8(filter.text().get()), others);
            filter.address().map(UserCodec::utf8)
                .ifPresent(
                    part -> found.or(texts.matching(part, row -> texts.emailHolds(row, part) && others.test(row))));
            filter.id().map(this::find).filter(row -> row >= 0 && others.test(row)).ifPresent(found::set);
            return found;
        }
        var found = new BitSet(next);
        for (int row = 0; row < next; row++) {
            if (rows[row] != null && others.test(row)) {
                found.set(row);
            }
        }
        return found;
    }

    /// Those of some rows whose users have one of these statuses.
    BitSet among(BitSet some, Set<Status> statuses) {
        var found = new BitSet(next);
        for (int row = some.nextSetBit(0); row >= 0; row = some.nextSetBit(row + 1)) {
            if (statuses.contains(status(row))) {
                found.set(row);
            }
        }
        return found;
    }

    /// Tests whether a row matches a filter, at any time.
    IntPredicate belongs(UserFilter filter) {
        return belongs(filter, row -> RoleSets.isAny(sets.roles(roleSets[row]), filter.roles(), filter.withoutRoles()));
    }

    /// @param roles tests whether the user has one of the roles that the filter asks for
    private IntPredicate belongs(UserFilter filter, IntPredicate roles) {
        var wanted = UserMarks.wanted(filter);
        IntPredicate belongs = filter.isOpen() ? row -> true : row -> wanted[marks[row]];
        if (filter.asksForRoles()) {
            belongs = belongs.and(roles);
        }
        if (filter.seenBefore() != UserCodec.NEVER) {
            belongs = belongs.and(row -> UserCodec.lastLogin(rows[row]) < filter.seenBefore());
        }
        if (filter.asksForDays()) {
            belongs = belongs.and(row -> UserCodec.created(rows[row]) >= filter.addedFrom()
                && UserCodec.created(rows[row]) < filter.addedBefore());
        }
        return filter.text().isPresent() ? belongs.and(holds(filter)) : belongs;
    }

    private IntPredicate holds(UserFilter filter) {
        var text = UserCodec.utf8(filter.text().orElseThrow());
        IntPredicate holds = row -> texts.holds(row, text);
        if (filter.address().isPresent()) {
            var part = UserCodec.utf8(filter.address().get());
            holds = holds.or(row -> texts.emailHolds(row, part));
        }
        if (filter.id().isPresent()) {
            var id = filter.id().get().value();
            holds = holds.or(row -> id(row).equals(id));
        }
        return holds;
    }

    /// The number of enabled users of each role.
    Map<Role.Id, Long> enabledMembers() {
        return sets.enabledMembers();
    }

    /// The combinations of roles that include one of these.
    List<RoleSet> roleSets(Collection<Role.Id> any) {
        return sets.withAny(any);
    }

    /// Whether no more users fit: their search text is one array.
    boolean isFull() {
        return texts.isFull();
    }

    void forgetRoles(Collection<Role.Id> deleted) {
        sets.forget(deleted);
        notes.eraseAll();
    }

    void sortRoles(Collection<Role.Id> renamed, Comparator<Role.Id> byName) {
        sets.sort(renamed, byName);
        notes.eraseAll();
    }

    /// As [#comparison], but faster for sorting many rows: most are decided by the first eight bytes of the keys, which this
    /// copies into one array.
    RankedRows.Comparison byBeginnings(UserQuery.Sort sort, RankedRows.Comparison comparison) {
        var beginnings = new long[next];
        var folded = new HashMap<String, byte[]>(); // few titles differ, and folding is slow
        var titles = new byte[sort == UserQuery.Sort.TITLE ? next : 0][];
        for (int row = 0; row < next; row++) {
            if (rows[row] == null) {
                continue;
            }
            if (sort == UserQuery.Sort.TITLE) {
                titles[row] = folded.computeIfAbsent(UserCodec.title(rows[row]), UserRows::folded);
                beginnings[row] = UserCodec.beginning(titles[row]);
            } else {
                beginnings[row] = UserCodec.beginning(sort == UserQuery.Sort.EMAIL ? texts.email(row) : key(sort, row));
            }
        }
        RankedRows.Comparison rest = sort == UserQuery.Sort.TITLE
            ? (a, b) -> then(Arrays.compareUnsigned(titles[a], titles[b]), a, b)
            : comparison;
        return (a, b) -> beginnings[a] == beginnings[b] ? rest.compare(a, b)
            : Long.compareUnsigned(beginnings[a], beginnings[b]);
    }

    /// Compares two rows in a sort: by its key, then by e-mail, then by id.
    RankedRows.Comparison comparison(UserQuery.Sort sort) {
        return switch (sort) {
            case NAME -> (a, b) -> then(texts.compareNames(a, b), a, b);
            case EMAIL -> (a, b) -> then(0, a, b);
            case HANDLE -> (a, b) -> then(UserCodec.compareHandles(rows[a], rows[b]), a, b);
            case STATUS -> (a, b) -> then(status(a).text().compareTo(status(b).text()), a, b);
            case TITLE -> (a, b) -> then(Arrays.compareUnsigned(title(a), title(b)), a, b);
            case CREATED_AT, MODIFIED_AT, LAST_SIGN_IN ->
                (a, b) -> then(Long.compare(time(sort, a), time(sort, b)), a, b);
        };
    }

    private int then(int first, int row, int other) {
        if (first != 0) {
            return first;
        }
        var byEmail = texts.compareEmails(row, other);
        return byEmail != 0 ? byEmail : UserCodec.compareIds(rows[row], rows[other]);
    }

    private byte[] title(int row) {
        return folded(UserCodec.title(rows[row]));
    }

    private static byte[] folded(String title) {
        return UserCodec.utf8(Text.folded(title));
    }

    /// Its approximate size in memory, in bytes.
    long bytes() {
        return packedBytes + texts.size() + ids.bytes() + sets.bytes() + 9L * rows.length
            + RowNotes.bytes(rows.length);
    }
}
