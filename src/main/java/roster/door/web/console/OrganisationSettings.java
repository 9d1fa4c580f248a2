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
import roster.core.audit.TrailEntry;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.core.org.Orgs;
import roster.door.web.console.SettingField.Standing;
import roster.model.Org;
import roster.model.Problem.Invalid;
import tools.jackson.databind.JsonNode;

/// Who an organisation is, and what it keeps for others: `/console/settings/organisation`.
final class OrganisationSettings implements SettingsSubject {
    private static final String NAME = "name";
    private static final String DESCRIPTION = "description";
    private static final String CARD = "Organisation";
    private static final String KEPT = "For other programs";
    private static final String WORD = "One word of small letters, digits and _, such as members.";

    private static final SettingField NAME_FIELD = new SettingField(NAME, CARD, "Name", "", SettingKind.LINE);
    private static final SettingField DESCRIPTION_FIELD =
        new SettingField(DESCRIPTION, CARD, "Description", "", SettingKind.TEXT);

    private final Orgs orgs;
    private final ConfigFields configs;

    OrganisationSettings(Orgs orgs, OrgConfigs all) {
        this.orgs = orgs;
        var onOff = SettingField.choice("Off", false, "On", true);
        configs = new ConfigFields(all)
            .with(OrgConfig.MONITOR_TIMEZONE, CARD, "Time zone",
                "Such as Europe/Vienna. Times are shown in it to those who have not chosen another one.",
                SettingKind.LINE, "Choose a time zone by its name, such as Europe/Vienna.")
            .with(OrgConfig.SECURITY_CONTACTS, CARD, "Security contacts",
                "Email addresses, one a line. Roster keeps them for programs that send security notices.",
                SettingKind.LINES, "“%s” is not an email address.")
            .with(OrgConfig.CUSTOM_ROLES, KEPT, "Custom roles",
                "Roster keeps these settings for programs that use its API. None changes what Roster does.", onOff)
            .with(OrgConfig.RESTRICT_EXPORT_TO_CSV, KEPT, "Restrict the export of logs as CSV", "", onOff)
            .with(OrgConfig.PCI_ENABLED, KEPT, "PCI compliance", "", onOff)
            .with(OrgConfig.TEAMS_MANAGE_MEMBERSHIP, KEPT, "Who manages the members of teams", "", SettingKind.LINE,
                WORD)
            .with(OrgConfig.TEAMS_EDIT_DETAILS, KEPT, "Who edits teams", "", SettingKind.LINE, WORD)
            .with(OrgConfig.TEAMS_PROVISIONING_SOURCES, KEPT, "How people come into teams", "", SettingKind.LINE,
                WORD)
            .with(OrgConfig.OAUTH_CLIENT_DISALLOW_LIST, KEPT, "OAuth clients that are not allowed", "One a line.",
                SettingKind.LINES, "“%s…” is longer than 255 characters.");
    }

    @Override
    public SettingsTab tab() {
        return SettingsTab.ORGANISATION;
    }

    @Override
    public List<Standing> standing(Tx tx, Org.Id id) {
        var org = orgs.find(tx, id).orElseThrow();
        var all = new ArrayList<>(List.of(NAME_FIELD.of(org.name()),
            DESCRIPTION_FIELD.of(org.description().orElse(""))));
        all.addAll(configs.standing(tx, id));
        return all;
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        return switch (id) {
            case NAME -> Orgs.nameFault(typed).map(fault -> Words.ofField(new Invalid(NAME, fault), NAME, typed));
            case DESCRIPTION -> Orgs.descriptionFault(typed)
                .map(fault -> Words.ofField(new Invalid(DESCRIPTION, fault), DESCRIPTION, typed));
            default -> configs.fault(id, typed);
        };
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        var description = changed.get(DESCRIPTION);
        orgs.update(tx, Optional.ofNullable(changed.get(NAME)), description == null ? Optional.empty()
            : Optional.of(description.isEmpty() ? Optional.empty() : Optional.of(description)));
        configs.set(tx, changed);
    }

    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        var all = new ArrayList<>(configs.subjects(org));
        all.add(org.value());
        return all;
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        if (!entry.action().equals("org.updated")) {
            return configs.recorded(entry, facts);
        }
        var values = new LinkedHashMap<String, String>();
        for (var field : List.of(NAME_FIELD, DESCRIPTION_FIELD)) {
            if (facts.has(field.id())) {
                values.put(field.id(), field.kind().shown(SettingKind.recorded(facts.get(field.id()))));
            }
        }
        return values;
    }
}
