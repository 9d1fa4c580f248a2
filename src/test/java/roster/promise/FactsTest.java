package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The facts of audit entries are complete: folding the trail gives each thing as its list shows it, and undoing the entries
/// from the end gives how it was before. Through random histories of all changing routes, and of edits of what there is.
/// Sessions are left out: most end by themselves, which no entry tells.
@Timeout(300)
class FactsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int HISTORIES = Integer.getInteger("roster.histories", 2);

    /// One change of so many is followed by a look at all lists.
    private static final int LOOKS = 4;

    private TestOrg org;
    private RandomHistory history;

    static List<Long> seeds() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        return IntStream.range(0, HISTORIES).mapToObj(i -> seed + i).toList();
    }

    /// How everything was at a version.
    private record Moment(long version, Map<String, Map<String, String>> things) {}

    @ParameterizedTest
    @MethodSource("seeds")
    void the_trail_tells_how_everything_is_and_was(long seed) {
        org = roster.newOrg("facts");
        var moments = new ArrayList<Moment>();
        history = new RandomHistory(org, seed);
        var defaults = new TreeMap<>(history.seen().things());
        defaults.keySet()
            .removeIf(key -> !key.matches("(org_config|identity_provider|ip_allowlist|domain_allowlist) .*"));
        defaults.putAll(TrailReplay.noPreferences(org));
        var changes = 0;
        for (var step : history.steps()) {
            var before = org.version();
            step.run();
            if (org.version() > before && ++changes % LOOKS == 0) {
                look(moments);
            }
        }
        look(moments);
        assertThat(changes).as("seed %d", seed).isGreaterThan(30);

        var entries = TrailReplay.entries(org);
        var told = TrailReplay.nothing(org, defaults);
        var next = 0;
        for (var moment : moments) {
            while (next < entries.size() && entries.get(next).version() <= moment.version()) {
                told.forwards(entries.get(next++));
            }
            same(told.things(), moment, entries, "folded", seed);
        }
        assertThat(next).isEqualTo(entries.size());

        var back = told.fromHere(org, moments.getLast().things());
        for (var moment : moments.reversed()) {
            while (entries.get(next - 1).version() > moment.version()) {
                back.backwards(entries.get(--next));
            }
            same(back.things(), moment, entries, "undone", seed);
        }
    }

    /// Of those who were anonymised later, only what still tells nothing of who they were.
    private static void same(Map<String, Map<String, String>> told, Moment moment, List<TrailReplay.Entry> entries,
        String how,
        long seed) {
        var at = entries.stream().filter(entry -> entry.version() == moment.version()).map(TrailReplay.Entry::action)
            .toList();
        var expected = new TreeMap<>(moment.things());
        var actual = new TreeMap<>(told);
        entries.stream().filter(entry -> entry.action().equals("user.anonymized")).map(TrailReplay.Entry::id)
            .forEach(id -> {
                for (var things : List.of(expected, actual)) {
                    things.entrySet().removeIf(one -> one.getKey().matches("(invitation|identity) .*")
                        && one.getValue().get("user").equals(id));
                    things.computeIfPresent(ListedState.key("user", id), (key, facts) -> {
                        var rest = new TreeMap<>(facts);
                        ListedState.PERSONAL.forEach(rest::remove);
                        return rest;
                    });
                }
            });
        actual.keySet().removeIf(key -> key.startsWith("org_config ") && !expected.containsKey(key));
        var keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        keys.removeIf(key -> Objects.equals(expected.get(key), actual.get(key)));
        assertThat(
            keys.stream().map(key -> "%s%n  shown %s%n   told %s".formatted(key, expected.get(key), actual.get(key))))
            .as("%s at version %d, after %s, seed %d", how, moment.version(), at, seed).isEmpty();
    }

    private void look(List<Moment> moments) {
        moments.add(new Moment(org.version(), history.look().things()));
    }
}
