import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What all parts play on.
///
/// @param roster on its embedded PostgreSQL
/// @param sql its database
/// @param floor another database of the same server, with Roster's tables, in which psql and pgbench do the same
/// @param large the organisation with as many people as were asked for
record Stage(Options options, Started started, Report report, Path home, Path programs, RosterServer roster, Sql sql,
    Sql floor, RosterServer.Org large, Wrk wrk) {
    /// So many people are seeded; the others come in by import.
    static final int SEEDED = 1000;

    static Stage set(Options options, Started started, Report report, Path home, Path programs) {
        say("Starting Roster ...");
        var roster = new RosterServer(started, home, "embedded", "");
        roster.start();
        var sql = roster.sql(programs);
        sql.run("CREATE DATABASE floor");
        new RosterServer(started, home, "floor", sql.on("floor").jdbcUrl()).command("migrate");
        var wrk = new Wrk(started, home.resolve("bench/wrk/requests.lua"), options.seconds());
        return new Stage(options, started, report, home, programs, roster, sql, sql.on("floor"), roster.large(), wrk);
    }

    /// Sees to it that all people are there, and that the database has nothing left to do from that.
    void settle() {
        var there = people() - 1;
        if (there < options.users()) {
            say("Seeding %,d people ...".formatted(options.users() - there));
            var words =
                new ArrayList<>(List.of("seed", "--users", "" + (options.users() - there), "--org", large.id()));
            if (there > 0) { // of an import that failed half way
                words.addAll(List.of("--seed", "2", "--anyway"));
            }
            roster.command(words.toArray(String[]::new));
        }
        sql.run("VACUUM ANALYZE", "CHECKPOINT");
    }

    /// In the large organisation, with its founder.
    int people() {
        return Integer.parseInt(sql.run("SELECT count(*) FROM users WHERE org_id = '%s'".formatted(large.id()))
            .getFirst());
    }

    /// Ends what all parts share.
    void close() {
        roster.stop();
    }

    static void say(String what) {
        System.out.println(what);
    }
}
