package roster.base.fair;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A queue in which those whom things are for take turns: the things of one come in their order, behind one thing of each
/// other. For one thread at a time.
public final class Rotation<T> {
    private final SequencedMap<Object, Deque<T>> waiting = new LinkedHashMap<>(); // whose turn is next comes first

    /// @param whose told apart by `equals`
    public void add(Object whose, T thing) {
        waiting.computeIfAbsent(whose, _ -> new ArrayDeque<>()).add(thing);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Takes the next one; none if it is empty.
    public Optional<T> next() {
        var first = waiting.pollFirstEntry();
        if (first == null) {
            return Optional.empty();
        }
        var next = first.getValue().remove();
        if (!first.getValue().isEmpty()) {
            waiting.put(first.getKey(), first.getValue());
        }
        return Optional.of(next);
    }

    /// Takes all.
    List<T> all() {
        var all = new ArrayList<T>();
        waiting.values().forEach(all::addAll);
        waiting.clear();
        return all;
    }
}
