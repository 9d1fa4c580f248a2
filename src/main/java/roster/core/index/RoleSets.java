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

/// The combinations of roles that users have: mostly a handful, however many the users. Each has a number, which is
/// given to another one when its last user has left it.
final class RoleSets {
    /// What a combination takes, and each role in it, in bytes, about.
    private static final long SET_BYTES = 160;
    private static final long ROLE_BYTES = 48;

    private final List<List<Role.Id>> sets = new ArrayList<>();
    private final Map<List<Role.Id>, Integer> numbers = new HashMap<>();
    private final BitSet free = new BitSet();
    private int[] users = new int[16];
    private int[] enabled = new int[16]; // of these users
    private long bytes;

    /// The number of a combination that one more user has.
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

    /// One user less has it.
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

    /// The numbers of all combinations that the role is in.
    BitSet with(Role.Id role) {
        var found = new BitSet(sets.size());
        for (int i = 0; i < sets.size(); i++) {
            found.set(i, sets.get(i).contains(role));
        }
        return found;
    }

    /// How many enabled users have each role.
    Map<Role.Id, Long> enabledMembers() {
        var counts = new HashMap<Role.Id, Long>();
        for (int i = 0; i < sets.size(); i++) {
            for (var role : sets.get(i)) {
                counts.merge(role, (long) enabled[i], Long::sum);
            }
        }
        return counts;
    }

    /// Takes these roles out of every combination. Combinations may become alike, and keep their numbers.
    void forget(Collection<Role.Id> gone) {
        sets.replaceAll(set -> set.stream().anyMatch(gone::contains)
            ? set.stream().filter(role -> !gone.contains(role)).toList() : set);
        renumber();
    }

    /// @param moved roles whose place in the order is another now
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

    /// What it takes in memory, in bytes, about.
    long bytes() {
        return bytes;
    }

    private static long bytes(List<Role.Id> roles) {
        return SET_BYTES + ROLE_BYTES * roles.size();
    }
}
