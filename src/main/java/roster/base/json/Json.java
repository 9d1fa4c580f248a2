package roster.base.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import roster.model.Id;
import roster.model.Problem.NotJson;
import roster.model.Refused;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON text to trees and back, as the contract writes it: compact, UTF-8, times with six digits and `+00:00`.
public final class Json {
    /// The deepest nesting read. The contract's own documents are six deep.
    public static final int DEPTH_MAX = 64;

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);

    /// The most tokens of the body of a request: names, values, and brackets. A document of the contract's largest lists,
    /// 1,000 entries, has half as many. As a tree each takes about 100 bytes.
    public static final int TOKENS_MAX = 50_000;

    /// Bodies that may be longer than 1 MiB may have as many more tokens.
    private static final int BYTES_PER_TOKEN = (1 << 20) / TOKENS_MAX;

    private static final JsonMapper MAPPER = mapper(Long.MAX_VALUE);

    /// By the most tokens. There are as many as routes have different limits of their bodies.
    private static final Map<Integer, JsonMapper> OF_REQUESTS = new ConcurrentHashMap<>();

    private Json() {}

    private static JsonMapper mapper(long tokens) {
        var limits = StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).maxTokenCount(tokens).build();
        return JsonMapper
            .builder(JsonFactory.builder().streamReadConstraints(limits).disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    }

    /// An object that writes itself, for those whose members are not a plain map.
    public interface Writable {
        void write(JsonGenerator json);
    }

    /// @throws Refused with [NotJson] if it is no JSON in UTF-8, is deeper than [#DEPTH_MAX], or something follows it
    public static JsonNode parse(byte[] utf8) {
        return parsed(MAPPER, utf8);
    }

    /// The same for the body of a request.
    ///
    /// @throws Refused as [#parse] does, and beyond [#TOKENS_MAX]
    public static JsonNode parseRequest(byte[] utf8) {
        return parseRequest(utf8, 0);
    }

    /// The same for a body that may be larger than others.
    ///
    /// @param bytesMax the limit of the body
    /// @throws Refused as [#parse] does, and beyond [#tokensMax]
    public static JsonNode parseRequest(byte[] utf8, int bytesMax) {
        return parsed(OF_REQUESTS.computeIfAbsent(tokensMax(bytesMax), Json::mapper), utf8);
    }

    /// The most tokens of a body of this limit.
    public static int tokensMax(int bytesMax) {
        return Math.max(TOKENS_MAX, bytesMax / BYTES_PER_TOKEN);
    }

    private static JsonNode parsed(JsonMapper mapper, byte[] utf8) {
        try {
            var tree = mapper.readTree(text(utf8));
            if (tree == null || tree.isMissingNode()) {
                throw new Refused(new NotJson());
            }
            return tree;
        } catch (JacksonException | CharacterCodingException e) {
            throw new Refused(new NotJson());
        }
    }

    /// Decoded by ourselves: the library would guess at other encodings, and let through what UTF-8 has not.
    private static String text(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(utf8)).toString();
    }

    /// `2026-08-01T09:00:00.123456+00:00`
    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    /// @param value text, number, boolean, time, id, UUID, tree, list or map of these, or an Optional of one, empty for null
    public static byte[] bytes(Object value) {
        var out = new ByteArrayOutputStream(512);
        write(out, value);
        return out.toByteArray();
    }

    /// The same, written while it is made. The stream stays open.
    public static void write(OutputStream out, Object value) {
        try (var json = MAPPER.createGenerator(out)) {
            write(json, value);
        }
    }

    /// An object to be written.
    ///
    /// @param namesAndValues in this order, each name before its value; null is a value
    public static Map<String, Object> members(Object... namesAndValues) {
        var members = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /// Writes a value as [#bytes] does, into a document that is being written.
    public static void write(JsonGenerator json, Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Optional<?> maybe -> write(json, maybe.orElse(null));
            case Instant instant -> json.writeString(time(instant));
            case Id id -> json.writeString(id.value().toString());
            case UUID id -> json.writeString(id.toString());
            case String text -> json.writeString(text);
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Writable writable -> writable.write(json);
            case JsonNode tree -> json.writeTree(tree);
            case Collection<?> many -> {
                json.writeStartArray();
                many.forEach(one -> write(json, one));
                json.writeEndArray();
            }
            case Map<?, ?> members -> {
                json.writeStartObject();
                members.forEach((name, member) -> {
                    json.writeName(name.toString());
                    write(json, member);
                });
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }
}
