package roster;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import roster.base.json.Json;
import roster.base.postgres.EmbeddedPostgres;
import roster.door.command.Outcome;

/// `roster version`
final class Version {
    /// Of the jar; `dev` when run from classes.
    static final String ROSTER =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("dev");

    private Version() {}

    static Outcome shown(boolean json) {
        var versions = new LinkedHashMap<String, Object>();
        versions.put("roster", ROSTER);
        versions.put("java", Runtime.version().toString());
        versions.put("postgresql", EmbeddedPostgres.version());
        if (json) {
            return new Outcome(Outcome.DONE, new String(Json.bytes(versions), StandardCharsets.UTF_8) + "\n", "");
        }
        return new Outcome(Outcome.DONE, """
            Roster %s
            Java %s (%s)
            PostgreSQL %s (embedded)
            """.formatted(ROSTER, Runtime.version(), System.getProperty("java.vm.vendor"), EmbeddedPostgres.version()),
            "");
    }
}
