package roster.base.jsonapi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.http.Response;
import roster.base.json.Json;

/// A response document: data, the resources it refers to, counts, and the addresses of the pages around.
public final class Document {
    private static final byte[] DATA = ascii("{\"data\":");
    private static final byte[] LIST = ascii("[");
    private static final byte[] COMMA = ascii(",");
    private static final byte[] LIST_END = ascii("]");
    private static final byte[] INCLUDED = ascii(",\"included\":");
    private static final byte[] META = ascii(",\"meta\":");
    private static final byte[] LINKS = ascii(",\"links\":");
    private static final byte[] END = ascii("}");

    /// The largest number of pieces around the data.
    private static final int ENVELOPE = 10;

    private final List<byte[]> pieces;
    private final Map<String, Object> page = new LinkedHashMap<>();
    private final Map<String, Object> meta = new LinkedHashMap<>();
    private List<byte[]> included = List.of();
    private final Map<String, String> links = new LinkedHashMap<>();

    /// @param size number of pieces of the data
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

    /// @param data a resource as JSON, in pieces; not copied, so callers must not change it
    public static Document ofRendered(List<byte[]> data) {
        var document = new Document(data.size());
        document.pieces.addAll(data);
        return document;
    }

    /// @param data one resource as JSON per element; not copied, so callers must not change it
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

    /// Sets `included`. The member is omitted if there are no resources.
    public Document including(List<Resource> resources) {
        return includingRendered(resources.isEmpty() ? List.of() : List.of(Json.bytes(resources)));
    }

    /// Like [#including], with the resources rendered already.
    ///
    /// @param resources a JSON array, in pieces
    public Document includingRendered(List<byte[]> resources) {
        included = resources;
        return this;
    }

    /// Adds a number to `meta.page`.
    public Document count(String name, long number) {
        page.put(name, number);
        return this;
    }

    /// Adds a number, or numbers by name, to `meta`, after `page`.
    public Document meta(String name, Object numbers) {
        meta.put(name, numbers);
        return this;
    }

    /// Sets the address of the next page. `links` is omitted if it holds nothing.
    public Document next(Optional<String> address) {
        address.ifPresent(there -> links.put("next", there));
        return this;
    }

    /// Sets the address of the page before. `links` is omitted if it holds nothing.
    public Document previous(Optional<String> address) {
        address.ifPresent(there -> links.put("prev", there));
        return this;
    }

    /// Builds the response: `data`, `included`, `meta` and `links`, in this order. Can be called once.
    public Response answer(int status) {
        if (!included.isEmpty()) {
            pieces.add(INCLUDED);
            pieces.addAll(included);
        }
        if (!page.isEmpty()) {
            var all = new LinkedHashMap<String, Object>();
            all.put("page", page);
            all.putAll(meta);
            add(META, Json.bytes(all));
        }
        if (!links.isEmpty()) {
            add(LINKS, Json.bytes(links));
        }
        pieces.add(END);
        return Response.json(status, pieces);
    }

    private void add(byte[] name, byte[] value) {
        pieces.add(name);
        pieces.add(value);
    }
}
