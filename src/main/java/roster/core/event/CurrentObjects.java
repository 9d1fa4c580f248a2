package roster.core.event;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import roster.base.db.Tx;
import roster.core.org.OrgConfig;
import roster.core.saml.LoginMethods;
import roster.core.saml.SamlFeature;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// Everything that events are about, as it is now. Sessions and linked accounts have no resource in the API that an event
/// could show, and lists are no objects.
final class CurrentObjects {
    static final String MODIFIED_AT = "modified_at";
    static final String VALUE = "value";

    private static final String NAME = "name";

    private CurrentObjects() {}

    static Map<ObjectKind, CurrentFacts> of(EventFeature.Subjects subjects) {
        var org = subjects.org();
        var role = subjects.role();
        var user = subjects.user();
        var key = subjects.key();
        var invitation = subjects.invitation();
        var identity = subjects.identity();
        var saml = subjects.saml();
        var all = new EnumMap<ObjectKind, CurrentFacts>(ObjectKind.class);
        all.put(ObjectKind.USER, (tx, in, ids) -> byId(user.users.all(tx, in, ids.stream().map(User.Id::new).toList()),
            User::id, CurrentObjects::facts));
        all.put(ObjectKind.ROLE, (tx, in, ids) -> byId(role.roles.all(tx, in, ids.stream().map(Role.Id::new).toList()),
            Role::id, one -> with(one.facts(), one.modifiedAt())));
        all.put(ObjectKind.INVITATION,
            (tx, in, ids) -> byId(invitation.list.all(tx, in, ids), Invitation::id, Invitation::facts));
        all.put(ObjectKind.API_KEY, (tx, in, ids) -> byId(key.apiKeys.all(tx, in, ids), one -> one.id(),
            one -> with(one.facts(), one.modifiedAt())));
        all.put(ObjectKind.APPLICATION_KEY,
            (tx, in, ids) -> byId(key.applicationKeys.all(tx, in, ids), one -> one.id(), one -> one.facts()));
        all.put(ObjectKind.ACCESS_TOKEN, (tx, in, ids) -> byId(key.accessTokens.all(tx, in, ids), one -> one.id(),
            one -> with(one.facts(), one.modifiedAt().orElse(null))));
        all.put(ObjectKind.AUTHN_MAPPING,
            (tx, in, ids) -> byId(identity.authnMappings.all(tx, in, ids), one -> one.id(),
                one -> with(one.facts(), one.modifiedAt())));
        all.put(ObjectKind.IDENTITY_PROVIDER, (tx, in, ids) -> byId(saml.identityProviders.all(tx, in).stream()
            .filter(one -> ids.contains(one.id().value())).toList(), one -> one.id(),
            one -> facts("authentication_method", one.method().text(), "enabled", one.enabled())));
        all.put(ObjectKind.SAML_CONFIGURATION, (tx, in, ids) -> saml(saml, tx, in));
        all.put(ObjectKind.ORG, (tx, in, ids) -> byId(org.orgs.find(tx, in).stream().toList(), Org::id, one -> {
            var facts = with(one.facts(), one.modifiedAt());
            facts.put("created_at", one.createdAt());
            return facts;
        }));
        all.put(ObjectKind.ORG_CONFIG, (tx, in, ids) -> byId(Arrays.stream(OrgConfig.values())
            .filter(one -> ids.contains(one.id(in).value())).map(one -> org.configs.find(tx, in, one)).toList(),
            one -> one.config().id(in), one -> facts(NAME, one.config().text(), "description",
                one.config().description(), "value_type", one.config().type().text(), VALUE, one.value(), MODIFIED_AT,
                one.modifiedAt())));
        all.put(ObjectKind.IP_ALLOWLIST,
            (tx, in, ids) -> Map.of(in.value(), new LinkedHashMap<>(org.ipAllowlists.find(tx, in).facts())));
        all.put(ObjectKind.DOMAIN_ALLOWLIST,
            (tx, in, ids) -> Map.of(in.value(), new LinkedHashMap<>(org.domainAllowlists.find(tx, in).facts())));
        return Map.copyOf(all);
    }

    private static Map<String, Object> facts(User user) {
        var facts = with(user.facts(), user.modifiedAt());
        facts.put("allowed_login_methods", LoginMethods.texts(user.loginMethods()));
        facts.put("mfa_enabled", user.secondFactor());
        facts.put("last_login_time", user.lastLoginAt().orElse(null));
        return facts;
    }

    private static Map<UUID, Map<String, Object>> saml(SamlFeature saml, Tx tx, Org.Id org) {
        var found = new HashMap<UUID, Map<String, Object>>();
        saml.configurations.find(tx, org).ifPresent(one -> {
            var facts = with(one.facts(), one.modifiedAt());
            facts.putAll(one.preferences().facts());
            found.put(org.value(), facts);
        });
        return found;
    }

    private static <T> Map<UUID, Map<String, Object>> byId(Collection<T> all, Function<T, Id> id,
        Function<T, Map<String, Object>> facts) {
        var found = new HashMap<UUID, Map<String, Object>>();
        all.forEach(one -> found.put(id.apply(one).value(), new LinkedHashMap<>(facts.apply(one))));
        return found;
    }

    private static Map<String, Object> with(Map<String, Object> facts, Instant modifiedAt) {
        var all = new LinkedHashMap<>(facts);
        all.put(MODIFIED_AT, modifiedAt);
        return all;
    }

    private static Map<String, Object> facts(Object... namesAndValues) {
        var facts = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            facts.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return facts;
    }
}
