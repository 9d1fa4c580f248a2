package roster.core.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import roster.model.Role;

/// The combinations of roles that users have: usually a handful, however many users there are. Each has a number, which is
/// used again once its last user has left it.
final class RoleSets {
    /// The approximate size of a combination, and of each role in it, in bytes.
    private static final long SET_BYTES = 160;
    private static final long ROLE_BYTES = 48;

    private final List<List<Role.Id>> sets = new ArrayList<>();
    private final Map<List<Role.Id>, Integer> numbers = new HashMap<>();
    private final BitSet free = new BitSet();
    private int[] users = new int[16]; // how many have each combination
    private int[] enabled = new int[16]; // how many of them are enabled
    private long bytes;

    /// Counts one more user with a combination.
    ///
    /// @return its number
    int enter(List<Role.Id> roles, boolean isEnabled) {
        var number = numbers.computeIfAbsent(roles, this::added);
        users[number]++;
        enabled[number] += isEnabled ? 1 : 0;
        return number;
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
        if (sets.size() > users.length) {
            users = Arrays.copyOf(users, users.length * 2);
            enabled = Arrays.copyOf(enabled, users.length);
        }
        return sets.size() - 1;
    }

    /// Counts one user less with a combination.
    void leave(int number, boolean wasEnabled) {
        enabled[number] -= wasEnabled ? 1 : 0;
        if (--users[number] == 0) {
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
        var counts = new HashMap<Role.Id, Long>();
        for (int i = 0; i < sets.size(); i++) {
            for (var role : sets.get(i)) {
                counts.merge(role, (long) enabled[i], Long::sum);
            }
        }
        return counts;
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
            if (users[i] > 0) {
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
