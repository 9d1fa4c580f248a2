package roster.jsonapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.http.Response;

/// An answer: data, what it refers to, and counts.
public final class Document {
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, Object> page = new LinkedHashMap<>();

    private Document(Object data) {
        members.put("data", data);
    }

    public static Document of(Resource data) {
        return new Document(data);
    }

    public static Document of(List<Resource> data) {
        return new Document(data);
    }

    /// Left out altogether when there is nothing to include.
    public Document including(List<Resource> included) {
        if (!included.isEmpty()) {
            members.put("included", included);
        }
        return this;
    }

    /// Adds a number to `meta.page`.
    public Document count(String name, long number) {
        page.put(name, number);
        members.put("meta", Map.of("page", page));
        return this;
    }

    public Response answer(int status) {
        return Response.json(status, Json.bytes(members));
    }
}
