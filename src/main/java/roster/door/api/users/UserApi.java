package roster.door.api.users;

import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;
import static roster.model.Permission.USER_ACCESS_INVITE;
import static roster.model.Permission.USER_ACCESS_MANAGE;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Conditions;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.core.role.Roles;
import roster.core.user.NewUsers;
import roster.core.user.UserText;
import roster.core.user.Users;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Email;
import roster.model.Problem.Mismatch;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/users`: changes to the users of the caller's organisation. [UserListApi] shows them.
public final class UserApi {
    private static final String PATH = "/api/v2/users";

    private final Database db;
    private final Users users;
    private final NewUsers newUsers;
    private final Roles roles;
    private final RoleResources roleResources;
    private final UserTags tags;
    private final Idempotency idempotency;

    public UserApi(Database db, Users users, NewUsers newUsers, Roles roles, RoleResources roleResources, UserTags tags,
        Idempotency idempotency) {
        this.db = db;
        this.users = users;
        this.newUsers = newUsers;
        this.roles = roles;
        this.roleResources = roleResources;
        this.tags = tags;
        this.idempotency = idempotency;
    }

    public void addTo(Routes routes) {
        var editing = new Needs.OneOf(List.of(USER_ACCESS_MANAGE, SERVICE_ACCOUNT_WRITE));
        routes.fresh().post(PATH, USER_ACCESS_INVITE, this::create);
        routes.fresh().patch(PATH + "/{user_id}", editing, this::update);
        routes.fresh().delete(PATH + "/{user_id}", editing, this::disable);
    }

    private Response create(Request request) {
        var sent = RequestDocument.resource(request, "users");
        var wish = newUser(sent, Email::folded);
        sent.done();
        return idempotency.once(request,
            tx -> changed(tx, newUsers.create(tx, wish.email(), wish.name(), wish.title(), wish.roleIds())),
            changed -> changed.answer(201));
    }

    /// A user to be created, as sent.
    record NewUser(String email, Optional<String> name, Optional<String> title, List<String> roleIds) {}

    /// @param form of the address, as [Email#folded]
    static NewUser newUser(RequestObject sent, Function<String, Optional<String>> form) {
        var attributes = sent.object("attributes");
        return new NewUser(attributes.email("email", form),
            attributes.checked("name", attributes.optionalText("name"), UserText::nameFault),
            attributes.checked("title", attributes.optionalText("title"), UserText::titleFault),
            sent.references("roles", "roles"));
    }

    private Response update(Request request) {
        var id = request.pathText("user_id");
        var sent = RequestDocument.resource(request, "users");
        var sentId = sent.text("id");
        var edit = edit(sent.object("attributes"));
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        var changed = db.write(request.caller(), tx -> {
            if (request.header("If-Match").isPresent()) {
                mustBeMet(request, tx, users.editable(tx, id));
            }
            return changed(tx, users.update(tx, id, edit));
        });
        var preference = Preference.of(request);
        return preference.on(preference.wantsBody() ? changed.answer(200) : changed.noContent());
    }

    static Users.Edit edit(RequestObject attributes) {
        return new Users.Edit(
            attributes.checked("name", attributes.textIfSent("name"), UserText::nameFault),
            // Only the user who is found tells whether a person's address is needed, so that is for the noun to say.
            attributes.emailIfSent("email", Email::known),
            attributes.checked("title", attributes.textOrNullIfSent("title"),
                title -> title.flatMap(UserText::titleFault)),
            attributes.flagIfSent("disabled"));
    }

    private void mustBeMet(Request request, Tx tx, User user) {
        if (!Conditions.met(request, tags.of(user, roles.all(tx, user.org(), user.roles())))) {
            throw new Refused(new Stale());
        }
    }

    private Response disable(Request request) {
        db.write(request.caller(), tx -> {
            users.disable(tx, request.pathText("user_id"));
            return null;
        });
        return Response.noContent();
    }

    /// A user after a write. The tag is that of GetUser, as a condition for the next change.
    private record Changed(Document document, String tag) {
        Response answer(int status) {
            return document.answer(status).with("ETag", tag);
        }

        Response noContent() {
            return Response.noContent().with("ETag", tag);
        }
    }

    private Changed changed(Tx tx, User user) {
        var held = roles.all(tx, user.org(), user.roles());
        return new Changed(Document.of(UserResources.resource(user)).including(roleResources.included(held)),
            tags.of(user, held).getFirst());
    }
}
