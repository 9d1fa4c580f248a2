package roster.door.scim;

import roster.base.http.Refusals;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.model.Problem;

/// Refusals below a base, as errors of SCIM.
record ScimRefusals(Base base) implements Refusals {
    @Override
    public Response refused(Request request, Problem problem, int status) {
        return ScimError.of(problem).answer(request, base);
    }

    @Override
    public Response unread() {
        return Response.of(400, MediaTypes.SCIM, Json.bytes(ScimError.of(new Problem.BadRequest()).json(base)));
    }

    @Override
    public Response failed(Request request) {
        return ScimError.UNEXPECTED.answer(request, base);
    }
}
