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

    /// Pages in turn, from all over the list: nothing of the one before helps with the next.
    private static final int SPREAD = 20;

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
            var places = List.of(
                new Place("page 0", true, List.of(path(sort, 0))),
                new Place("page %,d".formatted(pages / 2), true, List.of(path(sort, pages / 2))),
                new Place("page %,d, the last full one".formatted(pages - 1), true, List.of(path(sort, pages - 1))),
                new Place("%d pages in turn".formatted(SPREAD), false,
                    IntStream.range(0, SPREAD).mapToObj(i -> path(sort, pages / SPREAD * i)).toList()));
            var smallFirst = List.of(path(sort, 0));
            times(small, smallFirst, WARM_UP);
            places.forEach(place -> times(stage.large(), place.paths(), WARM_UP));

            var things = new ArrayList<Supplier<Series.Load>>();
            things.add(() -> times(small, smallFirst, REQUESTS));
            places.forEach(place -> things.add(() -> times(stage.large(), place.paths(), REQUESTS)));
            var found = Series.inTurns(stage.options().rounds(), things);
            for (int i = 0; i < places.size(); i++) {
                var place = places.get(i);
                row("ListUsers by %s, %,d people, %s".formatted(sort, stage.options().users(), place.name()),
                    place.one(), found.get(i + 1), found.getFirst());
            }
            places.stream().filter(Place::one).forEach(place -> stage.report().note("by %s, %s: %,d bytes", sort,
                place.name(), bytes(stage.large(), place.paths().getFirst())));
            stage.report().note("by %s, 100 people: %,d bytes", sort, bytes(small, smallFirst.getFirst()));
        }
    }

    private void row(String work, boolean one, Series ours, Series floor) {
        stage.report().row(one ? "list-time" : "list-time-spread", work, "100 people", ours.timeTo(floor),
            Report.Aim.atMost(1.3, ""), ours.shownMillis(), floor.shownMillis());
    }

    private int bytes(RosterServer.Org org, String path) {
        return stage.roster().get(org, path).body().getBytes(StandardCharsets.UTF_8).length;
    }

    /// @param one whether it is one page, as in the organisation that it is compared with
    private record Place(String name, boolean one, List<String> paths) {}

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
