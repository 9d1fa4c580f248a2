package roster.core.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import roster.core.index.PeopleFilter.Kind;
import roster.model.Role;
import roster.model.User.Status;

/// The combinations of roles that users have: usually a handful, however many users there are. Each has a number, which is
/// used again once its last user has left it.
final class RoleSets {
    /// The approximate size of a combination, and of each role in it, in bytes.
    private static final long SET_BYTES = 180;
    private static final long ROLE_BYTES = 48;

    private static final int STATUSES = Status.values().length;
    private static final int COUNTS = 2 * STATUSES;

    private final List<List<Role.Id>> sets = new ArrayList<>();
    private final Map<List<Role.Id>, Integer> numbers = new HashMap<>();
    private final BitSet free = new BitSet();
    private int[] counts = new int[16 * COUNTS]; // of each combination, how many have it, by kind and status
    private long bytes;

    /// Counts one more user with a combination.
    ///
    /// @param kind not both
    /// @return its number
    int enter(List<Role.Id> roles, Kind kind, Status status) {
        var number = numbers.computeIfAbsent(roles, this::added);
        counts[at(number, kind, status)]++;
        return number;
    }

    private static int at(int number, Kind kind, Status status) {
        return number * COUNTS + kind.ordinal() * STATUSES + status.ordinal();
    }

    private int count(int number, Kind kind) {
        return IntStream.range(0, STATUSES).map(status -> counts[number * COUNTS + kind.ordinal() * STATUSES + status])
            .sum();
    }

    /// How many users have a combination.
    private int users(int number) {
        return count(number, Kind.PEOPLE) + count(number, Kind.SERVICE);
    }

    private int added(List<Role.Id> roles) {
        bytes += bytes(roles);
        var number = free.nextSetBit(0);
        if (number >= 0) {
            free.clear(number);
            sets.set(number, roles);
            return number;
        }
        sets.add(roles);
        if (sets.size() * COUNTS > counts.length) {
            counts = Arrays.copyOf(counts, counts.length * 2);
        }
        return sets.size() - 1;
    }

    /// Counts one user less with a combination.
    ///
    /// @param kind,status as they were when the user entered
    void leave(int number, Kind kind, Status status) {
        counts[at(number, kind, status)]--;
        if (users(number) == 0) {
            numbers.remove(sets.get(number), number);
            bytes -= bytes(sets.get(number));
            sets.set(number, List.of());
            free.set(number);
        }
    }

    List<Role.Id> roles(int number) {
        return sets.get(number);
    }

    /// The numbers of all combinations that include one of these roles.
    ///
    /// @param none whether of the combination of no roles, too
    BitSet withAny(Collection<Role.Id> roles, boolean none) {
        var found = new BitSet(sets.size());
        for (int i = 0; i < sets.size(); i++) {
            found.set(i, isAny(sets.get(i), roles, none));
        }
        return found;
    }

    /// Whether a combination includes one of these roles.
    ///
    /// @param none whether the combination of no roles will do, too
    static boolean isAny(List<Role.Id> set, Collection<Role.Id> roles, boolean none) {
        return set.isEmpty() ? none : set.stream().anyMatch(roles::contains);
    }

    /// The number of enabled users of each role.
    Map<Role.Id, Long> enabledMembers() {
        var enabled = new HashMap<Role.Id, Long>();
        for (int i = 0; i < sets.size(); i++) {
            var disabled = counts[at(i, Kind.PEOPLE, Status.DISABLED)] + counts[at(i, Kind.SERVICE, Status.DISABLED)];
            for (var role : sets.get(i)) {
                enabled.merge(role, (long) users(i) - disabled, Long::sum);
            }
        }
        return enabled;
    }

    /// The combinations that include one of these roles, and how many users have each.
    List<RoleSet> withAny(Collection<Role.Id> roles) {
        return withAny(roles, false).stream().filter(number -> users(number) > 0).mapToObj(number -> new RoleSet(
            sets.get(number), count(number, Kind.PEOPLE), counts[at(number, Kind.PEOPLE, Status.ACTIVE)],
            count(number, Kind.SERVICE))).toList();
    }

    /// Takes deleted roles out of every combination. Combinations that become equal keep their numbers.
    void forget(Collection<Role.Id> deleted) {
        sets.replaceAll(set -> set.stream().anyMatch(deleted::contains)
            ? set.stream().filter(role -> !deleted.contains(role)).toList() : set);
        renumber();
    }

    /// Sorts the roles of each combination anew.
    ///
    /// @param moved the roles whose place in the order changed
    void sort(Collection<Role.Id> moved, Comparator<Role.Id> order) {
        sets.replaceAll(set -> set.stream().anyMatch(moved::contains) ? set.stream().sorted(order).toList() : set);
        renumber();
    }

    private void renumber() {
        numbers.clear();
        bytes = 0;
        for (int i = 0; i < sets.size(); i++) {
            if (users(i) > 0) {
                numbers.putIfAbsent(sets.get(i), i);
                bytes += bytes(sets.get(i));
            }
        }
    }

    /// Its approximate size in memory, in bytes.
    long bytes() {
        return bytes;
    }

    private static long bytes(List<Role.Id> roles) {
        return SET_BYTES + ROLE_BYTES * roles.size();
    }
}
