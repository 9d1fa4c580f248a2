package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.TrailEntry;
import roster.core.identity.Providers;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.saml.IdentityProviders;
import roster.door.web.console.SettingField.Standing;
import roster.model.LoginMethod;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// How people sign in, and how long they stay so: `/console/settings/sign-in`.
final class SignInSettings implements SettingsSubject {
    private static final String METHOD = "method_";
    private static final String METHODS = "Ways to sign in";
    private static final String SESSIONS = "Sessions";
    private static final String LENGTH = "Such as 30m, 8h or 2d. Empty: as this installation has it.";

    private static final SettingKind ON_OFF = SettingField.choice("On", true, "Off", false);

    private final IdentityProviders methods;
    private final Providers providers;
    private final ConfigFields configs;

    SignInSettings(IdentityProviders methods, Providers providers, OrgConfigs all) {
        this.methods = methods;
        this.providers = providers;
        configs = new ConfigFields(all)
            .with(OrgConfig.SECOND_FACTOR, "Second factor", "Who needs one to sign in",
                "People who have one are always asked for it. Others are asked to set one up, at once if they are signed in.",
                SettingField.choice("Only those who have one", "off", "Administrators", "administrators", "Everyone",
                    "everyone"))
            .with(OrgConfig.SESSION_IDLE, SESSIONS, "End after so long without use", LENGTH + " From 5m to 24h.",
                SettingKind.LENGTH, "Enter a length from 5m to 24h, such as 30m.")
            .with(OrgConfig.MAX_SESSION_DURATION, SESSIONS, "End after so long in all",
                LENGTH + " More than 30d counts as 30d. Applies at once, to sessions that run already too.",
                SettingKind.LENGTH, "Enter a length such as 8h.")
            .with(OrgConfig.INVALID_SESSION_FORCED_LOGOUT, SESSIONS, "Pages of a session that has ended",
                "Those that stay open show what was there until something is clicked. They can look each minute, with script.",
                SettingField.choice("Stay as they are", false, "Lead to the sign-in page within a minute", true));
    }

    @Override
    public SettingsTab tab() {
        return SettingsTab.SIGN_IN;
    }

    @Override
    public List<Standing> standing(Tx tx, Org.Id org) {
        var all = new ArrayList<Standing>();
        var names = names(tx, org);
        for (var one : methods.all(tx, org)) {
            all.add(new SettingField(METHOD + one.id().value(), METHODS, label(one, names), hint(one.method()), ON_OFF)
                .of(one.enabled()));
        }
        all.addAll(configs.standing(tx, org));
        return all;
    }

    private Map<UUID, String> names(Tx tx, Org.Id org) {
        return providers.all(tx, org).stream().collect(Collectors.toMap(one -> one.id().value(),
            one -> one.terms().name()));
    }

    private static String label(IdentityProviders.Provider one, Map<UUID, String> names) {
        return switch (one.method()) {
            case STANDARD -> "Password or passkey";
            case GOOGLE_OIDC -> "Google";
            case OIDC -> names.get(one.id().value());
            case SAML -> "SAML";
        };
    }

    private static String hint(LoginMethod method) {
        return switch (method) {
            case STANDARD, OIDC, GOOGLE_OIDC -> "";
            case SAML -> "Kept for programs that use it. People cannot sign in to Roster by SAML.";
        };
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        if (id.startsWith(METHOD)) {
            ON_OFF.read(typed);
            return Optional.empty();
        }
        return configs.fault(id, typed);
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        var wanted = new LinkedHashMap<UUID, Boolean>();
        changed.forEach((id, typed) -> {
            if (id.startsWith(METHOD)) {
                wanted.put(UUID.fromString(id.substring(METHOD.length())), (Boolean) ON_OFF.read(typed).orElseThrow());
            }
        });
        methods.setEnabled(tx, wanted);
        configs.set(tx, changed);
    }

    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        var all = new ArrayList<>(configs.subjects(org));
        methods.all(tx, org).forEach(one -> all.add(one.id().value()));
        return all;
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        return entry.action().equals("identity_provider.updated") && facts.has("enabled")
            ? Map.of(METHOD + entry.subject(), ON_OFF.shown(facts.get("enabled").asBoolean()))
            : configs.recorded(entry, facts);
    }
}
