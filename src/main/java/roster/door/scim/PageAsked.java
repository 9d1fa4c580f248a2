package roster.door.scim;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The part of a list that a request asks for.
///
/// @param startIndex of its first resource, from 1
/// @param count the most resources; 0 asks for the total alone
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4">RFC 7644, 3.4.2.4</a>
record PageAsked(long startIndex, int count) {
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// @throws Refused with [BadParameter] for what is no number
    static PageAsked of(Call call) {
        return new PageAsked(number(call, "startIndex", 1, Integer.MAX_VALUE).orElse(1),
            number(call, "count", 0, Bounds.PAGE).orElse(Bounds.USUAL_PAGE));
    }

    private static Optional<Integer> number(Call call, String name, int least, int most) {
        return call.request().query().first(name).map(text -> {
            if (!text.matches("[+ -]?[0-9]{1,100}")) { // a plus that was not encoded is a blank
                throw new Refused(new BadParameter(name));
            }
            return new BigInteger(text.strip()).max(BigInteger.valueOf(least)).min(BigInteger.valueOf(most)).intValue();
        });
    }

    long skipped() {
        return startIndex - 1;
    }

    /// @param resources those of this part
    Map<String, Object> answer(long total, List<Map<String, Object>> resources) {
        return Json.members("schemas", List.of(LIST), "totalResults", total, "startIndex", startIndex, "itemsPerPage",
            resources.size(), "Resources", resources);
    }
}
