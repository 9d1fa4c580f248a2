package roster.base.jsonapi;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A position in a document: its JSON pointer, and its order relative to others.
///
/// @param steps index among the siblings at each level, from the top
record Position(String pointer, List<Integer> steps) implements Comparable<Position> {
    /// The position of a member, or after all its siblings if it is missing.
    Position of(JsonNode parent, String name) {
        var index = 0;
        for (var sibling : parent.propertyNames()) {
            if (sibling.equals(name)) {
                return step(name, index);
            }
            index++;
        }
        return missing(name);
    }

    Position missing(String name) {
        return step(name, Integer.MAX_VALUE);
    }

    Position entry(int index) {
        return step(Integer.toString(index), index);
    }

    private Position step(String name, int index) {
        var deeper = new ArrayList<>(steps);
        deeper.add(index);
        return new Position(pointer + "/" + name, deeper);
    }

    @Override
    public int compareTo(Position other) {
        for (int i = 0; i < Math.min(steps.size(), other.steps.size()); i++) {
            var order = Integer.compare(steps.get(i), other.steps.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(steps.size(), other.steps.size());
    }
}
