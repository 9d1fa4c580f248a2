package roster.jsonapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.http.Response;

/// An answer: data, what it refers to, counts, and where it goes on.
public final class Document {
    private final Object data;
    private final Map<String, Object> page = new LinkedHashMap<>();
    private List<Resource> included = List.of();
    private Optional<String> next = Optional.empty();

    private Document(Object data) {
        this.data = data;
    }

    public static Document of(Resource data) {
        return new Document(data);
    }

    public static Document of(List<Resource> data) {
        return new Document(data);
    }

    /// Left out altogether when there is nothing to include.
    public Document including(List<Resource> resources) {
        included = resources;
        return this;
    }

    /// Adds a number to `meta.page`.
    public Document count(String name, long number) {
        page.put(name, number);
        return this;
    }

    /// Where the list goes on. There are no `links` where it does not.
    public Document next(Optional<String> address) {
        next = address;
        return this;
    }

    /// `data`, `included`, `meta` and `links`, in this order.
    public Response answer(int status) {
        var members = new LinkedHashMap<String, Object>();
        members.put("data", data);
        if (!included.isEmpty()) {
            members.put("included", included);
        }
        if (!page.isEmpty()) {
            members.put("meta", Map.of("page", page));
        }
        next.ifPresent(address -> members.put("links", Map.of("next", address)));
        return Response.json(status, Json.bytes(members));
    }
}
