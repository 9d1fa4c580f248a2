package roster.door.api.users;

import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;

import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.core.role.Roles;
import roster.core.user.NewUsers;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.RoleResources;
import roster.door.api.shared.UserResources;
import roster.model.Email;
import roster.model.Problem.Invalid;
import roster.model.Refused;

/// `/api/v2/service_accounts`: creates users that are no people. They are read, changed and disabled like other users; the
/// routes of their keys and tokens are in `door.api.keys`.
public final class ServiceAccountApi {
    private final Idempotency idempotency;
    private final NewUsers newUsers;
    private final Roles roles;
    private final RoleResources roleResources;

    public ServiceAccountApi(Idempotency idempotency, NewUsers newUsers, Roles roles, RoleResources roleResources) {
        this.idempotency = idempotency;
        this.newUsers = newUsers;
        this.roles = roles;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.fresh().post("/api/v2/service_accounts", SERVICE_ACCOUNT_WRITE, this::create);
    }

    private Response create(Request request) {
        var sent = RequestDocument.resource(request, "users");
        var wish = UserApi.newUser(sent, Email::ofServiceAccount);
        var flag = sent.object("attributes").flag("service_account");
        sent.done();
        if (!flag) {
            throw new Refused(new Invalid("service_account", "Must be true."));
        }
        // Addresses of service accounts are not unique: without a key, a second try would be a second account.
        return idempotency.once(request, tx -> {
            var account = newUsers.createServiceAccount(tx, wish.email(), wish.name(), wish.title(), wish.roleIds());
            return Document.of(UserResources.resource(account))
                .including(roleResources.included(roles.all(tx, tx.org(), account.roles())));
        }, document -> document.answer(201));
    }
}
