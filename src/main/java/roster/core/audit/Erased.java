package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
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
/// @param left digests of what stays of details that were erased in part, by place
/// @param seal over all three, which only Roster can make; empty for an entry that has no seal
record Erased(SortedMap<String, byte[]> digests, SortedMap<String, byte[]> salts, SortedMap<String, byte[]> left,
    byte[] seal) {
    /// Replaces an erased detail.
    static final String MARK = "anonymized";

    static Optional<Erased> of(Row row) {
        return row.optionalText("erased").map(text -> {
            var json = Json.parse(text.getBytes(StandardCharsets.UTF_8));
            return new Erased(bytes(json.get("digests")), bytes(json.get("salts")), bytes(json.path("left")),
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
        if (!left.isEmpty()) {
            members.put("left", hex(left));
        }
        members.put("seal", HexFormat.of().formatHex(seal));
        return new String(Json.bytes(members), StandardCharsets.UTF_8);
    }

    private static SortedMap<String, Object> hex(SortedMap<String, byte[]> byPlace) {
        var hex = new TreeMap<String, Object>();
        byPlace.forEach((place, bytes) -> hex.put(place, HexFormat.of().formatHex(bytes)));
        return hex;
    }

    /// For an entry from before there were seals: only which details were erased.
    static Erased unsealed(Collection<String> places) {
        var digests = new TreeMap<String, byte[]>();
        places.forEach(place -> digests.put(place, new byte[0]));
        return new Erased(digests, new TreeMap<>(), new TreeMap<>(), new byte[0]);
    }

    /// Whether a detail was erased, all of it or a part.
    boolean has(String place) {
        return digests.containsKey(place);
    }

    /// Whether an erased detail reads as it was left.
    boolean isAsLeft(String place, String value) {
        return left.containsKey(place) ? Arrays.equals(left.get(place), Seals.digest(new byte[0], value))
            : isMark(place, value);
    }

    /// Whether a detail reads as one that was erased. An address is left out altogether.
    static boolean isMark(String place, String value) {
        return value.equals(place.startsWith(Entry.BEFORE) || place.startsWith(Entry.AFTER) ? '"' + MARK + '"' : MARK);
    }
}
