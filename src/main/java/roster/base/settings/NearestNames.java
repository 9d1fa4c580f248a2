package roster.base.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import roster.model.Text;

/// Which settings the writer of an unknown name may have meant: those with nearly the same letters, else those with the
/// most words in common.
final class NearestNames {
    /// So many characters of a name make up for one wrong one.
    private static final int LETTERS_A_SLIP = 4;
    private static final int SHOWN_MAX = 3;
    private static final String PREFIX = "ROSTER_";

    private final List<String> known;

    NearestNames(Collection<String> known) {
        this.known = known.stream().sorted().toList();
    }

    /// What to say after the name.
    String hint(String name) {
        var wrong = bare(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_"));
        var near = bySpelling(wrong);
        if (near.isEmpty()) {
            near = byWords(wrong);
        }
        return near.isEmpty() ? " was not used: there is no setting like it. The README lists all settings"
            : " was not used. Did you mean %s?".formatted(listed(near));
    }

    private List<String> bySpelling(String wrong) {
        return known.stream().filter(one -> slips(one, wrong) <= Math.max(1, bare(one).length() / LETTERS_A_SLIP))
            .min(Comparator.comparingInt(one -> slips(one, wrong))).stream().toList();
    }

    private static int slips(String one, String wrong) {
        return Text.distance(bare(one), wrong);
    }

    private List<String> byWords(String wrong) {
        var most = known.stream().mapToDouble(one -> inCommon(one, wrong)).max().orElse(0);
        return most == 0 ? List.of()
            : known.stream().filter(one -> inCommon(one, wrong) == most)
                .sorted(Comparator.comparingInt(one -> slips(one, wrong))).limit(SHOWN_MAX).sorted().toList();
    }

    /// The share of words that both have: from 0 to 1.
    private static double inCommon(String one, String wrong) {
        var ours = words(bare(one));
        var theirs = words(wrong);
        var both = new HashSet<>(ours);
        both.retainAll(theirs);
        return 2.0 * both.size() / (ours.size() + theirs.size());
    }

    private static Set<String> words(String name) {
        return new HashSet<>(Arrays.asList(name.split("_")));
    }

    private static String bare(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    private static String listed(List<String> names) {
        var last = names.getLast();
        return names.size() == 1 ? last : String.join(", ", names.subList(0, names.size() - 1)) + " or " + last;
    }
}
