import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The server's own time for a page of 100 in a large organisation, against that in one of 100 people. One request after
/// the other.
final class Lists {
    private static final int PAGE = 100;
    private static final int WARM_UP = 400;
    private static final int REQUESTS = 100;

    /// Pages at each place, of which the median counts: one that has somebody with the Standard role tells of its many
    /// permissions, too, and one in ten has.
    private static final int NEIGHBOURS = 20;

    /// In the direction that has the founder last: his role's many permissions would be in the page he is on.
    private static final List<String> SORTS = List.of("name", "-modified_at");
    private static final List<String> ALL_SORTS =
        List.of("name", "-modified_at", "email", "handle", "-status", "-created_at", "-title");

    private final Stage stage;

    Lists(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var small = stage.roster().create("Small");
        stage.roster().command("seed", "--users", "" + PAGE, "--org", small.id());
        var pages = stage.options().users() / PAGE;
        for (var sort : stage.options().mode() == Options.Mode.FULL ? ALL_SORTS : SORTS) {
            var places = List.of(new Place("first pages", 0, sort), new Place("middle pages",
                (pages - NEIGHBOURS) / 2, sort), new Place("last full pages", pages - NEIGHBOURS, sort));
            var smallFirst = List.of(path(sort, 0));
            times(small, smallFirst, WARM_UP);
            places.forEach(place -> times(stage.large(), place.paths(), WARM_UP));

            var things = new ArrayList<Supplier<Series.Load>>();
            things.add(() -> times(small, smallFirst, REQUESTS));
            places.forEach(place -> things.add(() -> times(stage.large(), place.paths(), REQUESTS)));
            var found = Series.inTurns(stage.options().rounds(), things);
            for (int i = 0; i < places.size(); i++) {
                stage.report().row("list-time", "ListUsers by %s, %,d people, %s".formatted(sort,
                    stage.options().users(), places.get(i).name()), "100 people",
                    found.get(i + 1).timeTo(found.getFirst()), Report.Aim.atMost(1.3, ""),
                    found.get(i + 1).shownMillis(), found.getFirst().shownMillis());
            }
            List.of(0, pages / 2, pages - 1).forEach(page -> note(sort, page));
        }
    }

    /// @param from the first one's number
    private record Place(String name, int from, String sort) {
        List<String> paths() {
            return IntStream.range(from, from + NEIGHBOURS).mapToObj(page -> path(sort, page)).toList();
        }
    }

    private void note(String sort, int page) {
        var paths = List.of(path(sort, page));
        stage.report().note("by %s, page %,d alone: %s for %,d bytes", sort, page,
            new Series(List.of(times(stage.large(), paths, REQUESTS))).shownMillis(),
            stage.roster().get(stage.large(), paths.getFirst()).body().getBytes(StandardCharsets.UTF_8).length);
    }

    private static String path(String sort, int page) {
        return "/api/v2/users?sort=%s&page%%5Bsize%%5D=%d&page%%5Bnumber%%5D=%d".formatted(sort, PAGE, page);
    }

    private Series.Load times(RosterServer.Org org, List<String> paths, int requests) {
        return times(stage, org, paths, requests);
    }

    /// @return the server's times; the rate has no meaning
    static Series.Load times(Stage stage, RosterServer.Org org, List<String> paths, int requests) {
        var millis = IntStream.range(0, requests)
            .mapToObj(i -> stage.roster().get(org, paths.get(i % paths.size())).serverMillis()).sorted().toList();
        return new Series.Load(Double.NaN, Series.Spread.of(millis).median(),
            millis.get((int) (0.99 * (millis.size() - 1))), requests);
    }
}
