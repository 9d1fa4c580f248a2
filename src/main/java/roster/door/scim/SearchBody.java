package roster.door.scim;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// The body of a search: what stands in the query of an address otherwise. What is null is not there.
///
/// @param members by their names in lower case
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.3">RFC 7644, 3.4.3</a>
record SearchBody(Map<String, JsonNode> members) {
    static SearchBody read(JsonNode object) {
        var members = new HashMap<String, JsonNode>();
        object.forEachEntry((name, value) -> members.put(name.toLowerCase(Locale.ROOT), value));
        members.values().removeIf(JsonNode::isNull);
        return new SearchBody(members);
    }

    private Optional<JsonNode> member(String name) {
        return Optional.ofNullable(members.get(name.toLowerCase(Locale.ROOT)));
    }

    /// As in a query, an empty text counts as absent.
    ///
    /// @throws Refused with BadScim if it is no text
    Optional<String> text(String name) {
        return member(name).map(value -> text(name, value)).filter(text -> !text.isEmpty());
    }

    /// A cursor may be empty.
    Optional<String> cursor() {
        return member("cursor").map(value -> text("cursor", value));
    }

    private static String text(String name, JsonNode value) {
        if (!value.isString()) {
            throw syntax(name, "is not a text");
        }
        return value.asString();
    }

    /// @throws Refused with BadScim if it is neither a text nor an array of texts
    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        member(name).ifPresent(value -> {
            if (value.isArray()) {
                value.forEach(one -> texts.add(text(name, one)));
            } else {
                texts.add(text(name, value));
            }
        });
        return texts;
    }

    /// @throws Refused with BadScim if it is no number, or not a whole one
    Optional<BigInteger> number(String name) {
        return member(name).map(value -> {
            if (!value.isNumber()) {
                throw syntax(name, "is not a number");
            }
            if (!value.isIntegralNumber()) {
                throw new Refused(new BadScim(ScimType.INVALID_VALUE, name + ": is not a whole number"));
            }
            return value.bigIntegerValue();
        });
    }

    private static Refused syntax(String name, String reason) {
        return new Refused(new BadScim(ScimType.INVALID_SYNTAX, name + ": " + reason));
    }
}
