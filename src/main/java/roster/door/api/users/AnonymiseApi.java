package roster.door.api.users;

import static roster.model.Permission.USER_ACCESS_MANAGE;

import java.util.LinkedHashMap;
import java.util.Map;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.base.source.Ids;
import roster.core.user.Anonymisation;

/// `/api/v2/anonymize_users`: removes what tells who users are.
public final class AnonymiseApi {
    private final Anonymisation anonymisation;
    private final Ids ids;

    public AnonymiseApi(Anonymisation anonymisation, Ids ids) {
        this.ids = ids;
        this.anonymisation = anonymisation;
    }

    public void addTo(Routes routes) {
        routes.fresh().put("/api/v2/anonymize_users", USER_ACCESS_MANAGE, this::anonymise);
    }

    private Response anonymise(Request request) {
        var sent = RequestDocument.resource(request, "anonymize_users_request");
        var users = sent.object("attributes").texts("user_ids");
        sent.done();
        var outcome = anonymisation.anonymise(request.caller(), users);
        return Document.of(new Resource("anonymize_users_response", ids.next())
            .with("anonymized_user_ids", outcome.done())
            .with("anonymize_errors", outcome.refused().entrySet().stream().map(AnonymiseApi::error).toList()))
            .answer(200);
    }

    private static Map<String, Object> error(Map.Entry<String, String> refused) {
        var error = new LinkedHashMap<String, Object>();
        error.put("user_id", refused.getKey());
        error.put("error", refused.getValue());
        return error;
    }
}
