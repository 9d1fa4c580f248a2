package roster.door.api.signin;

import static roster.model.Permission.USER_ACCESS_MANAGE;

import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.factor.Factors;
import roster.core.user.Users;

/// `/api/v2/roster/users/{user_id}/second_factors`: for users who lost theirs.
final class SecondFactorApi {
    private final Database db;
    private final Factors factors;
    private final Users users;

    SecondFactorApi(Database db, Factors factors, Users users) {
        this.db = db;
        this.factors = factors;
        this.users = users;
    }

    void addTo(Routes routes) {
        routes.fresh().delete("/api/v2/roster/users/{user_id}/second_factors", USER_ACCESS_MANAGE, this::reset);
    }

    private Response reset(Request request) {
        db.write(request.caller(),
            tx -> factors.reset(tx, users.named(tx, tx.org(), request.pathText("user_id"))));
        return Response.noContent();
    }
}
