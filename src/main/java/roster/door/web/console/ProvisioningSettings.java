package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.TrailEntry;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.door.web.console.SettingField.Standing;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// What people get whom a directory creates: `/console/settings/provisioning`. Roles are chosen by name.
final class ProvisioningSettings implements SettingsSubject {
    private static final String ROLE = OrgConfig.SCIM_DEFAULT_ROLE.text();
    private static final String CARD = "New people";

    /// The most roles that can be chosen from a menu; beyond, the name is typed.
    private static final int ROLES_SHOWN = 50;

    private final Caller caller;
    private final OrgConfigs all;
    private final ConfigFields invitations;
    private final List<Role> roles;

    /// @param roles all there are, by name
    ProvisioningSettings(Caller caller, OrgConfigs all, List<Role> roles) {
        this.caller = caller;
        this.all = all;
        this.roles = roles;
        invitations = new ConfigFields(all).with(OrgConfig.SCIM_INVITATIONS, CARD, "Invitations",
            "An invitation lets people choose a password. Those who sign in by a provider need none.",
            SettingField.choice("None are sent", false, "People get one when they are created", true));
    }

    @Override
    public SettingsTab tab() {
        return SettingsTab.PROVISIONING;
    }

    @Override
    public List<Standing> standing(Tx tx, Org.Id org) {
        var standing = new ArrayList<>(invitations.standing(tx, org));
        var role = name(all.find(tx, org, OrgConfig.SCIM_DEFAULT_ROLE).value().toString());
        standing.add(new SettingField(ROLE, CARD, "Role of those who come without one",
            roles.size() > ROLES_SHOWN ? "Its exact name. Empty: none." : "", kind(role)).of(role));
        return standing;
    }

    private SettingKind kind(String now) {
        if (roles.size() > ROLES_SHOWN) {
            return SettingKind.LINE;
        }
        var names = new LinkedHashMap<String, String>();
        names.put("", "None");
        roles.stream().filter(role -> isGivable(role) || role.name().equals(now))
            .forEach(role -> names.put(role.name(), role.name()));
        return new SettingKind.Menu(names);
    }

    private boolean isGivable(Role role) {
        return Grants.isWithin(caller, role.permissions());
    }

    /// Empty for a role that is gone: it counts as none.
    private String name(String id) {
        return roles.stream().filter(role -> role.id().toString().equals(id)).map(Role::name).findFirst().orElse("");
    }

    private Optional<Role> named(String typed) {
        var folded = Text.folded(Text.name(typed));
        return roles.stream().filter(role -> Text.folded(role.name()).equals(folded)).findFirst();
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        if (!id.equals(ROLE) || typed.isEmpty()) {
            return invitations.fault(id, typed);
        }
        if (Text.isLonger(typed, Role.NAME_MAX) || named(typed).isEmpty()) {
            return Optional.of(MappingPages.noRole(typed));
        }
        return named(typed).filter(role -> !isGivable(role))
            .map(role -> "You can't choose %s: it has permissions that you don't.".formatted(role.name()));
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        invitations.set(tx, changed);
        Optional.ofNullable(changed.get(ROLE)).ifPresent(typed -> all.set(tx, OrgConfig.SCIM_DEFAULT_ROLE,
            typed.isEmpty() ? "" : named(typed).orElseThrow().id().toString()));
    }

    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        var subjects = new ArrayList<>(invitations.subjects(org));
        subjects.add(OrgConfig.SCIM_DEFAULT_ROLE.id(org).value());
        return subjects;
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        return entry.action().equals("org_config.updated") && facts.has(ROLE)
            ? Map.of(ROLE, name(facts.get(ROLE).asString(""))) : invitations.recorded(entry, facts);
    }
}
