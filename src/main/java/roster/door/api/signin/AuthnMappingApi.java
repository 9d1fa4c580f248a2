package roster.door.api.signin;

import static roster.model.Permission.USER_ACCESS_MANAGE;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.jsonapi.Resource;
import roster.core.role.Roles;
import roster.core.identity.AuthnMappings;
import roster.core.identity.AuthnMappings.Mapping;
import roster.door.api.shared.RoleResources;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Mismatch;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// `/api/v2/authn_mappings`: which roles users get by what the identity provider says about them.
public final class AuthnMappingApi {
    private static final String PATH = "/api/v2/authn_mappings";
    private static final int PAGE_MAX = 100;

    private final Database db;
    private final AuthnMappings mappings;
    private final Roles roles;
    private final RoleResources roleResources;

    public AuthnMappingApi(Database db, AuthnMappings mappings, Roles roles, RoleResources roleResources) {
        this.db = db;
        this.mappings = mappings;
        this.roles = roles;
        this.roleResources = roleResources;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_READ, this::list);
        routes.fresh().post(PATH, USER_ACCESS_MANAGE, this::create);
        routes.get(PATH + "/{authn_mapping_id}", USER_ACCESS_READ, this::read);
        routes.fresh().patch(PATH + "/{authn_mapping_id}", USER_ACCESS_MANAGE, this::update);
        routes.fresh().delete(PATH + "/{authn_mapping_id}", USER_ACCESS_MANAGE, this::delete);
    }

    private Response list(Request request) {
        var query = request.query();
        var org = request.caller().org();
        var paging = PageParameters.paging(query, PAGE_MAX);
        var sort = query.first("sort").orElse("created_at");
        var descending = sort.startsWith("-");
        var by = AuthnMappings.Sort.named(descending ? sort.substring(1) : sort)
            .orElseThrow(() -> new Refused(new BadParameter("sort")));
        if (ofTeams(query)) { // Roster has no teams
            return Document.of(List.<Resource>of()).count("total_count", 0).count("total_filtered_count", 0)
                .answer(200);
        }
        return db.read(tx -> {
            var page = mappings.list(tx, org, query.first("filter"), by, descending, paging);
            return Document.of(page.items().stream().map(AuthnMappingApi::resource).toList())
                .including(included(tx, org, page.items()))
                .count("total_count", page.total()).count("total_filtered_count", page.filtered());
        }).answer(200);
    }

    private static boolean ofTeams(Query query) {
        return switch (query.first("resource_type").orElse("role")) {
            case "role" -> false;
            case "team" -> true;
            default -> throw new Refused(new BadParameter("resource_type"));
        };
    }

    private Response create(Request request) {
        var sent = RequestDocument.resource(request, "authn_mappings");
        var attributes = sent.object("attributes");
        var key = attributes.text("attribute_key");
        var value = attributes.text("attribute_value");
        mustBeToARole(sent);
        var role = sent.reference("role", "roles");
        sent.done();
        return answer(request, db.write(request.caller(), tx -> mappings.create(tx, key, value, role)));
    }

    private static void mustBeToARole(RequestObject sent) {
        if (sent.optionalObject("relationships").has("team")) {
            throw new Refused(new Unfit("Mappings to teams are not supported"));
        }
    }

    private Response read(Request request) {
        return answer(request,
            db.read(tx -> mappings.named(tx, request.caller().org(), request.pathText("authn_mapping_id"))));
    }

    private Response update(Request request) {
        var id = request.pathText("authn_mapping_id");
        var sent = RequestDocument.resource(request, "authn_mappings");
        var sentId = sent.text("id");
        var attributes = sent.optionalObject("attributes");
        var key = attributes.textIfSent("attribute_key");
        var value = attributes.textIfSent("attribute_value");
        mustBeToARole(sent);
        var role = sent.optionalObject("relationships").has("role") ? Optional.of(sent.reference("role", "roles"))
            : Optional.<String>empty();
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return answer(request, db.write(request.caller(),
            tx -> mappings.update(tx, id, new AuthnMappings.Edit(key, value, role))));
    }

    private Response delete(Request request) {
        db.write(request.caller(), tx -> {
            mappings.delete(tx, request.pathText("authn_mapping_id"));
            return null;
        });
        return Response.noContent();
    }

    private Response answer(Request request, Mapping mapping) {
        var included = db.read(tx -> included(tx, request.caller().org(), List.of(mapping)));
        return Document.of(resource(mapping)).including(included).answer(200);
    }

    /// The attributes, then the roles, each once.
    private List<Resource> included(Tx tx, Org.Id org, List<Mapping> some) {
        Map<Long, Resource> attributes = new LinkedHashMap<>();
        some.forEach(mapping -> attributes.computeIfAbsent(mapping.attribute().id(),
            id -> new Resource("saml_assertion_attributes", Long.toString(id))
                .with("attribute_key", mapping.attribute().key())
                .with("attribute_value", mapping.attribute().value())));
        var included = new ArrayList<>(attributes.values());
        var held = roles.all(tx, org, some.stream().map(Mapping::role).distinct().toList());
        included.addAll(roleResources.included(held).subList(0, held.size()));
        return included;
    }

    private static Resource resource(Mapping mapping) {
        var attribute = Long.toString(mapping.attribute().id());
        return new Resource("authn_mappings", mapping.id())
            .with("saml_assertion_attribute_id", attribute)
            .with("attribute_key", mapping.attribute().key())
            .with("attribute_value", mapping.attribute().value())
            .with("created_at", mapping.createdAt())
            .with("modified_at", mapping.modifiedAt())
            .toOne("saml_assertion_attribute", "saml_assertion_attributes", attribute)
            .toOne("role", "roles", mapping.role())
            .toNone("team");
    }
}
