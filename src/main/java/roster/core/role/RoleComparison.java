package roster.core.role;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.model.Permission;

/// What two roles hold, permission by permission: only permissions that are shown, in catalogue order.
///
/// @param first,second held by one of them only
/// @param both held by both
public record RoleComparison(List<Entry> first, List<Entry> second, List<Entry> both) {
    public static RoleComparison of(Catalogue catalogue, Collection<Permission> first, Collection<Permission> second) {
        var onlyFirst = new ArrayList<Entry>();
        var onlySecond = new ArrayList<Entry>();
        var both = new ArrayList<Entry>();
        for (var entry : catalogue.listed()) {
            var isInFirst = first.contains(entry.permission());
            var isInSecond = second.contains(entry.permission());
            if (isInFirst || isInSecond) {
                (isInFirst && isInSecond ? both : isInFirst ? onlyFirst : onlySecond).add(entry);
            }
        }
        return new RoleComparison(onlyFirst, onlySecond, both);
    }

    public int differences() {
        return first.size() + second.size();
    }

    /// How many permissions at least one of them holds.
    public int all() {
        return differences() + both.size();
    }

    /// A permission, and which of them hold it.
    public record Line(Entry permission, boolean inFirst, boolean inSecond) {}

    /// By group of the catalogue.
    ///
    /// @param alike whether those that both hold are in it
    public Map<String, List<Line>> groups(Catalogue catalogue, boolean alike) {
        var groups = new LinkedHashMap<String, List<Line>>();
        for (var entry : catalogue.listed()) {
            var inBoth = both.contains(entry);
            var inFirst = inBoth || first.contains(entry);
            var inSecond = inBoth || second.contains(entry);
            if ((inFirst || inSecond) && (alike || !inBoth)) {
                groups.computeIfAbsent(entry.group(), _ -> new ArrayList<>())
                    .add(new Line(entry, inFirst, inSecond));
            }
        }
        return groups;
    }
}
