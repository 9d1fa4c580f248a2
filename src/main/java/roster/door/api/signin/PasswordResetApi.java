package roster.door.api.signin;

import static roster.model.Permission.USER_ACCESS_MANAGE;

import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.signin.PasswordResets;

/// Sends a user the e-mail by which they choose a new password.
final class PasswordResetApi {
    private final PasswordResets resets;

    PasswordResetApi(PasswordResets resets) {
        this.resets = resets;
    }

    void addTo(Routes routes) {
        routes.fresh().post("/api/v2/roster/users/{user_id}/password_reset", USER_ACCESS_MANAGE, this::send);
    }

    private Response send(Request request) {
        resets.send(request.caller(), request.pathText("user_id"));
        return Response.noContent();
    }
}
