package roster.door.api.signin;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Multipart;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.jsonapi.Resource;
import roster.core.saml.IdpMetadata;
import roster.core.saml.SamlConfigurations;
import roster.door.api.shared.RoleResources;
import roster.model.Problem.Invalid;
import roster.model.Problem.Mismatch;
import roster.model.Refused;
import roster.model.Role;

/// `/api/v2/saml_configurations`: that of the caller's organisation, if it has one.
public final class SamlApi {
    private static final String PATH = "/api/v2/saml_configurations";

    private final Database db;
    private final SamlConfigurations configurations;
    private final RoleResources roleResources;

    public SamlApi(Database db, SamlConfigurations configurations, RoleResources roleResources) {
        this.db = db;
        this.configurations = configurations;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, ORG_MANAGEMENT, this::list);
        routes.get(PATH + "/{saml_config_uuid}", ORG_MANAGEMENT, this::read);
        routes.fresh().patch(PATH + "/{saml_config_uuid}", ORG_MANAGEMENT, this::update);
        routes.fresh().post(PATH + "/idp_metadata", ORG_MANAGEMENT, this::upload);
        routes.fresh().patch("/api/v2/org/saml_configurations", ORG_MANAGEMENT, this::prefer);
    }

    private Response list(Request request) {
        var found = db.read(tx -> configurations.find(tx, request.caller().org()));
        return Document.of(found.stream().map(SamlApi::resource).toList())
            .including(found.stream().flatMap(one -> included(one).stream()).toList()).answer(200);
    }

    private Response read(Request request) {
        return answer(db.read(
            tx -> configurations.named(tx, request.caller().org(), request.pathText("saml_config_uuid"))));
    }

    private Response update(Request request) {
        var id = request.pathText("saml_config_uuid");
        var sent = RequestDocument.resource(request, "saml_configurations");
        var sentId = sent.textIfSent("id");
        var attributes = sent.optionalObject("attributes");
        var idpInitiated = attributes.flagIfSent("idp_initiated");
        var domains = domains(attributes);
        var roles = sent.optionalObject("relationships").has("default_roles")
            ? Optional.of(sent.references("default_roles", "roles")) : Optional.<List<String>>empty();
        sent.done();
        sentId.ifPresent(other -> RequestDocument.mustAgree(other, id, Mismatch.IDS));
        return answer(db.write(request.caller(),
            tx -> configurations.update(tx, id, new SamlConfigurations.Edit(idpInitiated, domains, roles))));
    }

    private Response upload(Request request) {
        var file = Multipart.part(request, "idp_file").orElseThrow(() -> new Refused(
            new Invalid("idp_file", "Missing data for required field.")));
        var metadata = IdpMetadata.parse(file);
        return answer(db.write(request.caller(), tx -> configurations.keep(tx, metadata)));
    }

    private Response prefer(Request request) {
        var sent = RequestDocument.resource(request, "saml_preferences");
        var attributes = sent.object("attributes");
        var roles = attributes.checked("default_role_uuids", attributes.textsIfSent("default_role_uuids"),
            ids -> ids.size() == 1 ? Optional.empty() : Optional.of("Must name exactly one role."));
        var domains = domains(attributes);
        sent.done();
        db.write(request.caller(),
            tx -> configurations.prefer(tx, new SamlConfigurations.Edit(Optional.empty(), domains, roles)));
        return Response.noContent();
    }

    private static Optional<List<String>> domains(RequestObject attributes) {
        return attributes.checked("jit_domains", attributes.textsIfSent("jit_domains"),
            SamlConfigurations::domainsFault);
    }

    private Response answer(SamlConfigurations.Configuration configuration) {
        return Document.of(resource(configuration)).including(included(configuration)).answer(200);
    }

    /// The roles without their permissions, which would follow them.
    private List<Resource> included(SamlConfigurations.Configuration configuration) {
        var roles = configuration.preferences().defaultRoles();
        return roleResources.included(roles).subList(0, roles.size());
    }

    private static Resource resource(SamlConfigurations.Configuration configuration) {
        return new Resource("saml_configurations", configuration.id())
            .with("entity_id", configuration.entityId())
            .with("sso_url", configuration.ssoUrl())
            .with("idp_initiated", configuration.preferences().idpInitiated())
            .with("jit_domains", configuration.preferences().jitDomains())
            .with("expires_at", configuration.expiresAt())
            .with("created_at", configuration.createdAt())
            .with("modified_at", configuration.modifiedAt())
            .toMany("default_roles", "roles",
                configuration.preferences().defaultRoles().stream().map(Role::id).toList());
    }
}
