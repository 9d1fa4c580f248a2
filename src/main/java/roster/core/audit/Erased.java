package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import roster.base.db.Row;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

/// What remains of erased details, so that the seal of their entry can still be verified: the column `erased`.
///
/// @param digests of erased details, by place
/// @param salts of remaining details, by place
/// @param seal over both, which only Roster can make
record Erased(SortedMap<String, byte[]> digests, SortedMap<String, byte[]> salts, byte[] seal) {
    /// Replaces an erased detail.
    static final String MARK = "anonymized";

    static Optional<Erased> of(Row row) {
        return row.optionalText("erased").map(text -> {
            var json = Json.parse(text.getBytes(StandardCharsets.UTF_8));
            return new Erased(bytes(json.get("digests")), bytes(json.get("salts")),
                HexFormat.of().parseHex(json.get("seal").asString()));
        });
    }

    private static SortedMap<String, byte[]> bytes(JsonNode byPlace) {
        var bytes = new TreeMap<String, byte[]>();
        byPlace.properties()
            .forEach(each -> bytes.put(each.getKey(), HexFormat.of().parseHex(each.getValue().asString())));
        return bytes;
    }

    String json() {
        var members = new LinkedHashMap<String, Object>();
        members.put("digests", hex(digests));
        members.put("salts", hex(salts));
        members.put("seal", HexFormat.of().formatHex(seal));
        return new String(Json.bytes(members), StandardCharsets.UTF_8);
    }

    private static SortedMap<String, Object> hex(SortedMap<String, byte[]> byPlace) {
        var hex = new TreeMap<String, Object>();
        byPlace.forEach((place, bytes) -> hex.put(place, HexFormat.of().formatHex(bytes)));
        return hex;
    }

    /// Whether a detail reads as one that was erased. An address is left out altogether.
    static boolean isMark(String place, String value) {
        return value.equals(place.startsWith(Entry.BEFORE) || place.startsWith(Entry.AFTER) ? '"' + MARK + '"' : MARK);
    }
}
