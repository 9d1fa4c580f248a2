package roster.base.jsonapi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.http.Response;
import roster.base.json.Json;

/// An answer: data, what it refers to, counts, and where it goes on.
public final class Document {
    private static final byte[] DATA = ascii("{\"data\":");
    private static final byte[] LIST = ascii("[");
    private static final byte[] COMMA = ascii(",");
    private static final byte[] LIST_END = ascii("]");
    private static final byte[] INCLUDED = ascii(",\"included\":");
    private static final byte[] META = ascii(",\"meta\":");
    private static final byte[] LINKS = ascii(",\"links\":");
    private static final byte[] END = ascii("}");

    /// The pieces around the data, at most.
    private static final int ENVELOPE = 10;

    private final List<byte[]> pieces;
    private final Map<String, Object> page = new LinkedHashMap<>();
    private final Map<String, Object> meta = new LinkedHashMap<>();
    private Optional<byte[]> included = Optional.empty();
    private Optional<String> next = Optional.empty();

    /// @param size of the data, in pieces
    private Document(int size) {
        pieces = new ArrayList<>(size + ENVELOPE);
        pieces.add(DATA);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static Document of(Resource data) {
        return ofRendered(List.of(Json.bytes(data)));
    }

    public static Document of(List<Resource> data) {
        return ofRendered(List.of(Json.bytes(data)));
    }

    /// @param data a resource as JSON, in pieces; not to be changed afterwards
    public static Document ofRendered(List<byte[]> data) {
        var document = new Document(data.size());
        document.pieces.addAll(data);
        return document;
    }

    /// @param data a resource as JSON each; not to be changed afterwards
    public static Document ofRenderedList(List<byte[]> data) {
        var document = new Document(2 * data.size());
        document.pieces.add(LIST);
        for (int i = 0; i < data.size(); i++) {
            if (i > 0) {
                document.pieces.add(COMMA);
            }
            document.pieces.add(data.get(i));
        }
        document.pieces.add(LIST_END);
        return document;
    }

    /// Left out altogether when there is nothing to include.
    public Document including(List<Resource> resources) {
        return includingRendered(resources.isEmpty() ? Optional.empty() : Optional.of(Json.bytes(resources)));
    }

    /// The same.
    ///
    /// @param resources an array of them as JSON
    public Document includingRendered(Optional<byte[]> resources) {
        included = resources;
        return this;
    }

    /// Adds a number to `meta.page`.
    public Document count(String name, long number) {
        page.put(name, number);
        return this;
    }

    /// Adds a number to `meta`, behind `page`.
    public Document meta(String name, long number) {
        meta.put(name, number);
        return this;
    }

    /// Where the list goes on. There are no `links` where it does not.
    public Document next(Optional<String> address) {
        next = address;
        return this;
    }

    /// `data`, `included`, `meta` and `links`, in this order. Once.
    public Response answer(int status) {
        included.ifPresent(resources -> add(INCLUDED, resources));
        if (!page.isEmpty()) {
            var all = new LinkedHashMap<String, Object>();
            all.put("page", page);
            all.putAll(meta);
            add(META, Json.bytes(all));
        }
        next.ifPresent(address -> add(LINKS, Json.bytes(Map.of("next", address))));
        pieces.add(END);
        return Response.json(status, pieces);
    }

    private void add(byte[] name, byte[] value) {
        pieces.add(name);
        pieces.add(value);
    }
}
