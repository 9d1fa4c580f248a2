package roster.door.api.signin;

import static roster.model.Permission.ORG_MANAGEMENT;
import static roster.model.Permission.USER_ACCESS_MANAGE;

import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.Resource;
import roster.core.session.Session;
import roster.core.session.Sessions;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// The browsers in which users are signed in: `/api/v2/roster/sessions` for the caller's own, below `users` for those of
/// others.
final class SessionApi {
    private static final String OWN = "/api/v2/roster/sessions";
    private static final String OF_USER = "/api/v2/roster/users/{user_id}/sessions";
    private static final String ADMINISTRATOR = "administrator";

    private final Database db;
    private final Sessions sessions;
    private final Users users;

    SessionApi(Database db, Sessions sessions, Users users) {
        this.db = db;
        this.sessions = sessions;
        this.users = users;
    }

    void addTo(Routes routes) {
        routes.get(OWN, Needs.Simple.KEYS, request -> list(request, self(request.caller())));
        routes.get(OWN + "/{session_id}", Needs.Simple.KEYS, request -> read(request, self(request.caller())));
        routes.delete(OWN, Needs.Simple.KEYS, this::endOwn);
        routes.delete(OWN + "/{session_id}", Needs.Simple.KEYS,
            request -> end(request, self(request.caller()), "user"));
        routes.get(OF_USER, USER_ACCESS_MANAGE, request -> list(request, user(request)));
        routes.get(OF_USER + "/{session_id}", USER_ACCESS_MANAGE, request -> read(request, user(request)));
        routes.fresh().delete(OF_USER, USER_ACCESS_MANAGE, this::endAll);
        routes.fresh().delete(OF_USER + "/{session_id}", USER_ACCESS_MANAGE,
            request -> end(request, user(request), ADMINISTRATOR));
        routes.fresh().delete("/api/v2/roster/org/sessions", ORG_MANAGEMENT, this::endAllOfOrg);
    }

    private static User.Id self(Caller caller) {
        return caller.user().orElseThrow();
    }

    private User.Id user(Request request) {
        return db.read(tx -> users.named(tx, request.caller().org(), request.pathText("user_id"))).id();
    }

    private Response list(Request request, User.Id user) {
        var all = db.read(tx -> sessions.of(tx, request.caller().org(), user));
        return Document.of(all.stream().map(one -> shown(request.caller(), one)).toList()).answer(200);
    }

    private Response read(Request request, User.Id user) {
        var id = request.pathText("session_id");
        return db.read(tx -> sessions.of(tx, request.caller().org(), user)).stream()
            .filter(one -> one.id().toString().equalsIgnoreCase(id)).findFirst()
            .map(one -> Document.of(shown(request.caller(), one)).answer(200))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    private Response endOwn(Request request) {
        var keep = request.query().first("keep");
        if (keep.filter(value -> !value.equals("current")).isPresent()) {
            throw new Refused(new BadParameter("keep"));
        }
        db.write(request.caller(), tx -> sessions.endAll(tx, self(tx.caller()),
            keep.flatMap(_ -> tx.caller().session()).map(Session.Id::new), "everywhere"));
        return Response.noContent();
    }

    private Response end(Request request, User.Id user, String why) {
        db.write(request.caller(), tx -> {
            sessions.end(tx, user, request.pathText("session_id"), why);
            return null;
        });
        return Response.noContent();
    }

    private Response endAll(Request request) {
        db.write(request.caller(), tx -> sessions.endAll(tx,
            users.named(tx, tx.org(), request.pathText("user_id")).id(), Optional.empty(), ADMINISTRATOR));
        return Response.noContent();
    }

    private Response endAllOfOrg(Request request) {
        db.write(request.caller(), tx -> sessions.endAll(tx, ADMINISTRATOR));
        return Response.noContent();
    }

    private static Resource shown(Caller caller, Session one) {
        return new Resource("roster_sessions", one.id()).with("method", one.method()).with("factors", one.factors())
            .with("address", one.address()).with("browser", one.browserName()).with("created_at", one.createdAt())
            .with("last_seen_at", one.lastSeenAt())
            .with("current", caller.session().equals(Optional.of(one.id().value())));
    }
}
