package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.core.org.ConfigType;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.org.Orgs;
import roster.core.saml.IdentityProviders;
import roster.core.saml.SamlConfigurations;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/api/v1/org`: the caller's organisation as older clients know it, with its SAML settings. The same data as in the newer
/// calls: the identity provider `saml` and the SAML configuration.
public final class OldOrgApi {
    private static final DateTimeFormatter CREATED =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Database db;
    private final Orgs orgs;
    private final OrgConfigs configs;
    private final IdentityProviders providers;
    private final SamlConfigurations configurations;

    public OldOrgApi(Database db, Orgs orgs, OrgConfigs configs, IdentityProviders providers,
        SamlConfigurations configurations) {
        this.db = db;
        this.orgs = orgs;
        this.configs = configs;
        this.providers = providers;
        this.configurations = configurations;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v1/org", Needs.Simple.KEYS, this::list);
        routes.get("/api/v1/org/{public_id}", Needs.Simple.KEYS, this::read);
        routes.fresh().put("/api/v1/org/{public_id}", ORG_MANAGEMENT, this::update);
    }

    private Response list(Request request) {
        var org = request.caller().org();
        return json("orgs", db.read(tx -> List.of(shown(tx, orgs.find(tx, org).orElseThrow()))));
    }

    private Response read(Request request) {
        return json("org", db.read(tx -> shown(tx, own(tx, request))));
    }

    private Org own(Tx tx, Request request) {
        var sent = request.pathText("public_id");
        return orgs.find(tx, request.caller().org()).filter(org -> org.publicId().equals(sent))
            .orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
    }

    private static Response json(String name, Object value) {
        return Response.json(200, Json.bytes(Map.of(name, value)));
    }

    private Response update(Request request) {
        var sent = RequestDocument.whole(request);
        var name = sent.checked("name", sent.textIfSent("name"), Orgs::nameFault);
        var description = sent.checked("description", sent.textOrNullIfSent("description"),
            text -> text.flatMap(Orgs::descriptionFault));
        var changes = changes(sent.optionalObject("settings"));
        sent.done();
        return json("org", db.write(request.caller(), tx -> {
            own(tx, request);
            orgs.update(tx, name, description);
            changes.forEach(change -> change.on(tx));
            return shown(tx, orgs.find(tx, tx.org()).orElseThrow());
        }));
    }

    private interface SettingChange {
        void on(WriteTx tx);
    }

    private List<SettingChange> changes(RequestObject settings) {
        var changes = new ArrayList<SettingChange>();
        settings.optionalObject("saml").flagIfSent("enabled")
            .ifPresent(on -> changes.add(tx -> providers.setEnabled(tx, LoginMethod.SAML, on)));
        settings.flagIfSent("private_widget_share")
            .ifPresent(on -> changes.add(tx -> configs.set(tx, OrgConfig.PRIVATE_WIDGET_SHARE, on)));
        settings.optionalObject("saml_strict_mode").flagIfSent("enabled")
            .ifPresent(on -> changes.add(tx -> configs.set(tx, OrgConfig.SAML_STRICT_MODE, on)));
        settings.optionalObject("saml_idp_initiated_login").flagIfSent("enabled")
            .ifPresent(on -> changes.add(tx -> configurations.prefer(tx,
                new SamlConfigurations.Edit(Optional.of(on), Optional.empty(), Optional.empty()))));
        settings.checked("saml_autocreate_access_role", settings.optionalText("saml_autocreate_access_role"),
            ConfigType::accessRoleFault)
            .ifPresent(role -> changes.add(tx -> configs.set(tx, OrgConfig.SAML_AUTOCREATE_ROLE, role)));
        var autocreate = settings.optionalObject("saml_autocreate_users_domains");
        autocreate.flagIfSent("enabled")
            .ifPresent(on -> changes.add(tx -> configs.set(tx, OrgConfig.SAML_AUTOCREATE, on)));
        autocreate.checked("domains", autocreate.textsIfSent("domains"), SamlConfigurations::domainsFault)
            .ifPresent(domains -> changes.add(tx -> configs.set(tx, OrgConfig.SAML_AUTOCREATE_DOMAINS, domains)));
        return changes;
    }

    Map<String, Object> shown(Tx tx, Org org) {
        return Json.members("public_id", org.publicId(), "name", org.name(), "description", org.description(),
            "created", time(org.createdAt()), "subscription", subscription(org), "billing",
            Json.members("type", "none"), "settings", settings(tx, org));
    }

    /// No one is billed. Clients expect the members all the same.
    private static Map<String, Object> subscription(Org org) {
        return Json.members("id", null, "billing_plan_id", null, "started", org.createdAt().getEpochSecond(), "expires",
            null, "finished", null, "type", "self_hosted", "is_custom", false, "is_trial", false, "is_expired", false);
    }

    private Map<String, Object> settings(Tx tx, Org org) {
        var configuration = configurations.find(tx, org.id());
        return Json.members("default_landing_page", null, "custom_landing_page", null, "manage_reports", false,
            "saml", enabled(value(tx, org, OrgConfig.LOGIN_SAML)),
            "saml_can_be_enabled", configuration.isPresent(),
            "saml_login_url", null,
            "saml_idp_metadata_uploaded", configuration.isPresent(),
            "saml_idp_endpoint", configuration.flatMap(SamlConfigurations.Configuration::ssoUrl),
            "saml_idp_metadata_valid_until",
            configuration.flatMap(SamlConfigurations.Configuration::expiresAt).map(OldOrgApi::time),
            "saml_idp_initiated_login", enabled(configurations.preferences(tx, org.id()).idpInitiated()),
            "saml_strict_mode", enabled(value(tx, org, OrgConfig.SAML_STRICT_MODE)),
            "saml_autocreate_access_role", value(tx, org, OrgConfig.SAML_AUTOCREATE_ROLE),
            "saml_autocreate_users_domains", Json.members("enabled", value(tx, org, OrgConfig.SAML_AUTOCREATE),
                "domains", value(tx, org, OrgConfig.SAML_AUTOCREATE_DOMAINS)),
            "private_widget_share", value(tx, org, OrgConfig.PRIVATE_WIDGET_SHARE));
    }

    private static Map<String, Object> enabled(Object value) {
        return Json.members("enabled", value);
    }

    private Object value(Tx tx, Org org, OrgConfig config) {
        return configs.find(tx, org.id(), config).value();
    }

    static String time(Instant instant) {
        return CREATED.format(instant);
    }
}
