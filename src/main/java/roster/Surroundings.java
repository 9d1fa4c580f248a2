package roster;

import roster.base.http.Limits;
import roster.base.source.Sources;
import roster.base.work.DueRows;

/// What only tests have otherwise.
///
/// @param sources of time, ids and randomness; all stored times are the database's
/// @param limits of the HTTP server
/// @param mustBeDurable whether to refuse a database that may lose what it acknowledged
/// @param pauses between attempts to send an e-mail
public record Surroundings(Sources sources, Limits limits, boolean mustBeDurable, DueRows.Pauses pauses) {
    public static final Surroundings PRODUCTION =
        new Surroundings(Sources.system(), Limits.STANDARD, true, DueRows.Pauses.STANDARD);
}
