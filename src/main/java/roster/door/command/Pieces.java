package roster.door.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The work of a long command, as [Bulk] does it: in this process, or in the server that has the database.
public final class Pieces {
    /// How often to ask again when the database is away or too busy, and how long to wait before, in milliseconds.
    private static final int ATTEMPTS = 30;
    private static final long PAUSE = 1000;

    private final Function<Map<String, Object>, JsonNode> server;
    private boolean askedAgain;

    Pieces(Function<Map<String, Object>, JsonNode> server) {
        this.server = server;
    }

    /// The id of the organisation that is meant.
    ///
    /// @throws Failed if none or several are meant
    String org(Optional<String> named) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("kind", "org");
        named.ifPresent(org -> facts.put("org", org));
        return ask(facts).path("id").asString();
    }

    /// @param facts as for [roster.base.json.Json#bytes]
    /// @throws Failed if it cannot be done
    JsonNode ask(Map<String, Object> facts) {
        for (int attempt = 1;; attempt++) {
            var answer = server.apply(facts);
            if (answer.has("done")) {
                askedAgain = attempt > 1;
                return answer.get("done");
            }
            if (!answer.has("busy") || attempt == ATTEMPTS) {
                throw new Failed(answer.path("failed").asString("the database is away or too busy; try again later"));
            }
            pause();
        }
    }

    /// Whether the last piece was asked for more than once. An earlier attempt may have been done all the same: where a
    /// commit breaks, and nobody can tell how it ended, the answer is to ask again.
    boolean askedAgain() {
        return askedAgain;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }
}
