package roster.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import roster.model.Role;

/// The combinations of roles that users have: a handful, however many the users. Each has a number.
final class RoleSets {
    private final List<List<Role.Id>> sets = new ArrayList<>();
    private final Map<List<Role.Id>, Integer> numbers = new HashMap<>();

    int number(List<Role.Id> roles) {
        return numbers.computeIfAbsent(roles, added -> {
            sets.add(added);
            return sets.size() - 1;
        });
    }

    List<Role.Id> roles(int number) {
        return sets.get(number);
    }

    /// Takes these roles out of every combination. Combinations may become alike, and keep their numbers.
    void forget(Collection<Role.Id> gone) {
        sets.replaceAll(set -> set.stream().filter(role -> !gone.contains(role)).toList());
        renumber();
    }

    void sort(Comparator<Role.Id> order) {
        sets.replaceAll(set -> set.stream().sorted(order).toList());
        renumber();
    }

    private void renumber() {
        numbers.clear();
        for (int i = 0; i < sets.size(); i++) {
            numbers.putIfAbsent(sets.get(i), i);
        }
    }
}
