import java.util.ArrayList;

/// Start to ready on the data that the other parts left, and the memory of a Roster that has nothing to do.
final class Starts {
    private static final int TIMES = 5;
    private static final int IDLE_MILLIS = 3000;

    private final Stage stage;

    Starts(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var roster = stage.roster();
        var seconds = new ArrayList<Double>();
        var theirs = new ArrayList<Double>();
        var own = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        for (int i = 0; i < TIMES; i++) {
            roster.stop();
            var all = roster.start();
            var postgres = roster.postgresSeconds();
            seconds.add(all);
            own.add(all - postgres);
            theirs.add(postgres);
            Main.pause(IDLE_MILLIS);
            memory.add((double) roster.mebibytes("VmRSS"));
        }
        stage.report().row("start", "start to ready, existing data, our own time", "", Series.Spread.of(own),
            Report.Aim.atMost(0.7, "s"), "%s s from the launcher's start, with PostgreSQL's".formatted(
                Series.Spread.of(seconds)),
            "PostgreSQL by its log: %s s".formatted(Series.Spread.of(theirs)));
        stage.report().row("memory-idle", "idle memory, existing data, without PostgreSQL", "",
            Series.Spread.of(memory), Report.Aim.atMost(125, "MiB"), "%d ms after it was ready".formatted(IDLE_MILLIS),
            "");
    }
}
