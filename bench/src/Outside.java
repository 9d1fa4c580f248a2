/// GetUser of a Roster whose database is elsewhere, and which therefore asks it whether what it remembers still holds.
final class Outside {
    private final Stage stage;

    Outside(Stage stage) {
        this.stage = stage;
    }

    void run() {
        var sql = OutsidePostgres.start(stage.started(), stage.programs(), "outside");
        var roster = new RosterServer(stage.started(), stage.home(), "outside", sql.jdbcUrl());
        roster.start();
        var org = roster.large();
        roster.command("seed", "--users", "" + stage.options().small(), "--org", org.id());
        sql.run("VACUUM ANALYZE", "CHECKPOINT");
        Reads.compare(stage, roster, org, "get-outside", "GetUser, random ids of %,d, outside database"
            .formatted(stage.options().small()), Reads.ids(sql, org), new Reads.Aims(0.60, 0.38));
        roster.stop();
    }
}
