package roster.door.command;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import roster.base.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Requests and answers as JSON: an object whose only member is named after the record's type and holds its components,
/// as `{"FindOrg":{"named":"Acme"}}`.
///
/// Both ends must be of the same version: a type or member that is unknown, missing or null is refused.
final class SocketCodec {
    /// What the operator reads when the two ends do not understand each other.
    static final String OTHER_VERSION = "the server is of another version";

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(Json.DEPTH_MAX).build()).build())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // the end of the outer object follows a value
        .build();

    private static final Map<String, Class<?>> REQUESTS = recordsOf(SocketRequest.class);
    private static final Map<String, Class<?>> ANSWERS = recordsOf(SocketAnswer.class);

    private SocketCodec() {}

    private static Map<String, Class<?>> recordsOf(Class<?> sealed) {
        var records = new HashMap<String, Class<?>>();
        for (var permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                records.put(permitted.getSimpleName(), permitted);
            } else {
                records.putAll(recordsOf(permitted));
            }
        }
        return records;
    }

    static byte[] bytes(SocketRequest request) {
        return MAPPER.writeValueAsBytes(Map.of(request.getClass().getSimpleName(), request));
    }

    static byte[] bytes(SocketAnswer answer) {
        return MAPPER.writeValueAsBytes(Map.of(answer.getClass().getSimpleName(), answer));
    }

    /// The answer to a request that is not understood, in the form of version 0.1.0: its commands would take any other for a
    /// success. Other versions do not understand it, and say so.
    static byte[] notUnderstood() {
        return MAPPER.writeValueAsBytes(Map.of("exit", Outcome.FAILED, "out", "", "err",
            "roster: %s\n".formatted(OTHER_VERSION)));
    }

    /// @throws NotUnderstood if it is not one of this version
    static SocketRequest request(byte[] json) throws NotUnderstood {
        return (SocketRequest) read(json, REQUESTS);
    }

    /// @throws NotUnderstood if it is not one of this version
    static SocketAnswer answer(byte[] json) throws NotUnderstood {
        return (SocketAnswer) read(json, ANSWERS);
    }

    private static Object read(byte[] json, Map<String, Class<?>> types) throws NotUnderstood {
        try (var parser = MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotUnderstood(null);
            }
            var type = types.get(String.valueOf(parser.nextName()));
            if (type == null || parser.nextToken() != JsonToken.START_OBJECT) {
                throw new NotUnderstood(null);
            }
            var value = MAPPER.readValue(parser, type);
            if (parser.nextToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new NotUnderstood(null);
            }
            return value;
        } catch (JacksonException e) {
            throw new NotUnderstood(e);
        }
    }

    /// A message that this version does not know.
    static final class NotUnderstood extends IOException {
        private static final long serialVersionUID = 1;

        private NotUnderstood(Exception cause) {
            super(OTHER_VERSION, cause);
        }
    }
}
