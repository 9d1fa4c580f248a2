package roster.support;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

/// The response to a request.
public record Answer(String method, String path, int status, Map<String, List<String>> headers, byte[] bytes) {
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return Json.parse(bytes);
    }

    /// A value by JSON pointer, as `/data/attributes/email`.
    public JsonNode at(String pointer) {
        return json().at(pointer);
    }

    public String text(String pointer) {
        var node = at(pointer);
        if (!node.isString()) {
            throw new AssertionError("no text at %s of %s".formatted(pointer, this));
        }
        return node.asString();
    }

    /// The id of `data`.
    public String id() {
        return text("/data/id");
    }

    public List<String> errors() {
        return texts("/errors");
    }

    /// The texts of an array.
    public List<String> texts(String pointer) {
        return StreamSupport.stream(at(pointer).spliterator(), false).map(JsonNode::asString).toList();
    }

    /// One member of every entry of an array: `each("/data", "/attributes/email")`.
    public List<String> each(String array, String pointer) {
        return StreamSupport.stream(at(array).spliterator(), false).map(entry -> entry.at(pointer).asString()).toList();
    }

    public Optional<String> header(String name) {
        return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name))
            .map(entry -> entry.getValue().getFirst()).findFirst();
    }

    @Override
    public String toString() {
        return "%s %s -> %d %s".formatted(method, path, status, text());
    }
}
