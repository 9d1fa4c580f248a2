package roster.door.scim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;
import roster.base.scim.SortOrder;
import roster.base.secret.CursorCodec;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.core.provisioning.ListPart;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;

/// The parts of lists, and their cursors: sealed over what the list is, and where the part before ended.
///
/// @param endpoint what is listed
record Lists(CursorCodec codec, String endpoint) {
    /// Another one once the fields change, so that older cursors are refused.
    private static final String LIST = "scim1";

    /// Between the resources of a list, and after the last.
    private static final byte[] COMMA = {','};
    private static final byte[] END = {']', '}'};

    private static final String MESSAGE = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// The part that a request asks for.
    ///
    /// @throws Refused with `invalidCursor` for a cursor that is none, of another list, or of another organisation
    ListPart part(Call call, ListAsked asked, Optional<SortOrder> order) {
        return new ListPart(asked.cursor().map(sent -> sent.isEmpty() ? new byte[0] : opened(call, asked, order, sent)),
            asked.skipped(), asked.count());
    }

    private byte[] opened(Call call, ListAsked asked, Optional<SortOrder> order, String sent) {
        return codec.open(call.caller().org().value(), LIST, sent)
            .filter(fields -> Arrays.equals(fields.getFirst(), digest(asked, order)))
            .map(fields -> fields.get(1)).orElseThrow(() -> new Refused(
                new BadScim(ScimType.INVALID_CURSOR, "The cursor is not one of this list")));
    }

    /// Of all that must be the same in all requests for a list.
    private byte[] digest(ListAsked asked, Optional<SortOrder> order) {
        return Secrets.digest(new LengthPrefixed().add(endpoint).add(asked.filter()).add(order.map(SortOrder::text))
            .add(asked.attributes()).add(asked.excluded()).bytes());
    }

    /// @param next where this part ends, if more follow
    /// @param resources those of this part
    Map<String, Object> answer(Call call, ListAsked asked, Optional<SortOrder> order, long total, Optional<byte[]> next,
        List<? extends Map<String, Object>> resources) {
        var answer = envelope(call, asked, order, total, next, resources.size());
        answer.put("Resources", resources);
        return answer;
    }

    /// The same as JSON, of resources that are JSON already.
    List<byte[]> written(Call call, ListAsked asked, Optional<SortOrder> order, long total, Optional<byte[]> next,
        List<byte[]> resources) {
        var none = envelope(call, asked, order, total, next, resources.size());
        none.put("Resources", List.of());
        var json = Json.bytes(none);
        var pieces = new ArrayList<byte[]>(2 * resources.size() + 2);
        pieces.add(Arrays.copyOf(json, json.length - END.length));
        for (int i = 0; i < resources.size(); i++) {
            if (i > 0) {
                pieces.add(COMMA);
            }
            pieces.add(resources.get(i));
        }
        pieces.add(END);
        return pieces;
    }

    private Map<String, Object> envelope(Call call, ListAsked asked, Optional<SortOrder> order, long total,
        Optional<byte[]> next, int resources) {
        var answer = Json.members("schemas", List.of(MESSAGE), "totalResults", total);
        if (asked.cursor().isEmpty()) {
            answer.put("startIndex", asked.startIndex());
        } else {
            next.ifPresent(key -> answer.put("nextCursor", codec.seal(call.caller().org().value(), LIST,
                new LengthPrefixed().add(digest(asked, order)).add(key))));
        }
        answer.put("itemsPerPage", resources);
        return answer;
    }
}
