package roster.door.api.signin;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.LinkedHashMap;
import java.util.Map;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.jsonapi.Resource;
import roster.core.identity.Provider;
import roster.core.identity.ProviderCheck;
import roster.core.identity.ProviderEdit;
import roster.core.identity.Providers;
import roster.core.saml.IdentityProviders;
import roster.model.Problem.Mismatch;
import roster.model.Role;

/// `/api/v2/roster/identity_providers`: how Roster deals with the OpenID providers of the caller's organisation. The rule says
/// that callers hold `user_access_manage` too.
final class OpenIdProviderApi {
    private static final String PATH = "/api/v2/roster/identity_providers";
    private static final String TYPE = "roster_identity_providers";
    private static final int PAGE_MAX = 100;

    private final Database db;
    private final Providers providers;
    private final IdentityProviders methods;
    private final ProviderCheck check;

    OpenIdProviderApi(Database db, Providers providers, IdentityProviders methods, ProviderCheck check) {
        this.db = db;
        this.providers = providers;
        this.methods = methods;
        this.check = check;
    }

    void addTo(Routes routes) {
        routes.get(PATH, ORG_MANAGEMENT, this::list);
        routes.fresh().post(PATH, ORG_MANAGEMENT, this::create);
        routes.get(PATH + "/{provider_id}", ORG_MANAGEMENT, this::read);
        routes.fresh().patch(PATH + "/{provider_id}", ORG_MANAGEMENT, this::update);
        routes.post(PATH + "/{provider_id}/check", ORG_MANAGEMENT, this::checked);
        routes.fresh().delete(PATH + "/{provider_id}", ORG_MANAGEMENT, this::remove);
    }

    private Response list(Request request) {
        Providers.mustConfigure(request.caller());
        var paging = PageParameters.paging(request.query(), PAGE_MAX);
        var all = db.read(tx -> providers.all(tx, request.caller().org()));
        return Document.of(all.stream().skip(paging.number() * paging.size()).limit(paging.size())
            .map(OpenIdProviderApi::resource).toList()).count("total_count", all.size())
            .count("total_filtered_count", all.size()).answer(200);
    }

    private Response read(Request request) {
        Providers.mustConfigure(request.caller());
        return answer(db.read(tx -> providers.named(tx, request.caller().org(), request.pathText("provider_id"))), 200);
    }

    private Response create(Request request) {
        var sent = RequestDocument.resource(request, TYPE);
        var edit = edit(sent.object("attributes"));
        sent.done();
        return answer(db.write(request.caller(), tx -> providers.create(tx, edit)), 201);
    }

    private Response update(Request request) {
        var id = request.pathText("provider_id");
        var sent = RequestDocument.resource(request, TYPE);
        var sentId = sent.textIfSent("id");
        var edit = edit(sent.optionalObject("attributes"));
        sent.done();
        sentId.ifPresent(other -> RequestDocument.mustAgree(other, id, Mismatch.IDS));
        return answer(db.write(request.caller(), tx -> providers.update(tx, id, edit)), 200);
    }

    private Response checked(Request request) {
        Providers.mustConfigure(request.caller());
        var provider = db.read(tx -> providers.named(tx, request.caller().org(), request.pathText("provider_id")));
        var report = check.of(provider);
        return Document.of(new Resource("roster_identity_provider_checks", provider.id()).with("ok", report.ok())
            .with("steps", report.steps().stream().map(OpenIdProviderApi::shown).toList())
            .with("last_fault", report.lastFault())).answer(200);
    }

    private static Map<String, Object> shown(ProviderCheck.Step step) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("step", step.name());
        shown.put("ok", step.ok());
        shown.put("detail", step.detail());
        return shown;
    }

    private Response remove(Request request) {
        db.write(request.caller(), tx -> {
            methods.remove(tx, request.pathText("provider_id"));
            return null;
        });
        return Response.noContent();
    }

    private static ProviderEdit edit(RequestObject attributes) {
        return new ProviderEdit(attributes.textIfSent("name"), attributes.textIfSent("profile"),
            attributes.textIfSent("issuer"), attributes.textIfSent("client_id"), attributes.textIfSent("client_secret"),
            attributes.textIfSent("client_auth"), attributes.textsIfSent("scopes"), attributes.textsIfSent("domains"),
            attributes.textIfSent("addresses"), attributes.textIfSent("link"), attributes.flagIfSent("create_users"),
            attributes.textOrNullIfSent("default_role"), attributes.textIfSent("second_factor"),
            attributes.textsIfSent("second_factor_values"));
    }

    private static Response answer(Provider provider, int status) {
        return Document.of(resource(provider)).answer(status);
    }

    private static Resource resource(Provider one) {
        var client = one.client();
        var terms = one.terms();
        return new Resource(TYPE, one.id()).with("name", terms.name())
            .with("authentication_method", one.method().text()).with("profile", client.profile().text())
            .with("issuer", client.issuer()).with("client_id", client.id())
            .with("secret_set_at", client.secretSetAt()).with("client_auth", one.clientAuth())
            .with("scopes", client.scopes()).with("domains", terms.domains())
            .with("addresses", terms.addresses().text()).with("link", one.link())
            .with("create_users", terms.createUsers())
            .with("default_role", terms.defaultRole().map(Role.Id::toString)).with("second_factor", one.secondFactor())
            .with("second_factor_values", terms.factorValues()).with("created_at", one.createdAt())
            .with("modified_at", one.modifiedAt());
    }
}
