package roster.foreign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

/// Requests to the live API with the answers that it gave, in the order in which they were sent.
///
/// @param name `family/what it shows`
/// @param at when it was recorded, if that is known
public record Recording(String name, Optional<Instant> at, List<Step> steps) {
    /// @param path still percent-encoded
    /// @param body the JSON sent, if any
    /// @param answer what came back; empty for no body, or one that is no JSON
    public record Step(String method, String path, Map<String, List<String>> query, Optional<JsonNode> body, int status,
        Optional<JsonNode> answer) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        /// Whether it was sent with keys that are not good.
        boolean withBadKeys() {
            return (status == 401 || status == 403) && !lacksPermission();
        }

        /// Whether its keys were good, but not good enough.
        boolean lacksPermission() {
            return status == 403
                && answer.stream().anyMatch(document -> document.toString().contains("Failed permission"));
        }

        /// Whether nothing was refused.
        boolean succeeded() {
            return status < 300;
        }
    }

    /// All recordings in a folder with one folder a family, by name.
    public static List<Recording> all(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().map(Recording::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording read(Path file) {
        try {
            var title = file.getFileName().toString().replaceFirst("\\.json$", "");
            var steps = new ArrayList<Step>();
            Json.parse(Files.readAllBytes(file)).forEach(pair -> steps.add(step(pair)));
            return new Recording(file.getParent().getFileName() + "/" + title,
                time(file.resolveSibling(title + ".freeze")), steps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Instant> time(Path freeze) throws IOException {
        return Files.exists(freeze)
            ? Optional.of(OffsetDateTime.parse(Files.readString(freeze).strip()).toInstant()) : Optional.empty();
    }

    private static Step step(JsonNode pair) {
        var request = pair.get("httpRequest");
        var response = pair.get("httpResponse");
        var query = new LinkedHashMap<String, List<String>>();
        request.path("queryStringParameters").properties().forEach(parameter -> query.put(parameter.getKey(),
            parameter.getValue().valueStream().map(JsonNode::asString).toList()));
        return new Step(request.get("method").asString(), request.get("path").asString(), query,
            json(request.path("body").path("json")), response.get("statusCode").asInt(), json(response.path("body")));
    }

    private static Optional<JsonNode> json(JsonNode text) {
        if (!text.isString() || text.asString().isBlank()) {
            return Optional.empty();
        }
        return Optional.of(Json.parse(text.asString().getBytes(StandardCharsets.UTF_8)));
    }
}
