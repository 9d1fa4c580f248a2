package roster.door.web.console;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.TrailEntry;
import roster.core.org.ConfigType;
import roster.core.org.DomainAllowlists;
import roster.core.org.OrgConfig;
import roster.door.web.console.SettingField.Standing;
import roster.model.Org;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// Where reports may be mailed: `/console/settings/domains`.
final class DomainSettings implements SettingsSubject {
    private static final String ENABLED = "enabled";
    private static final String DOMAINS = "domains";
    private static final String CARD = "Domains";

    private static final SettingField ON = new SettingField(ENABLED, CARD, "Reports may be mailed", "",
        SettingField.choice("To any domain", false, "Only to these domains", true));

    private static final SettingField LIST =
        new SettingField(DOMAINS, CARD, "Domains", "One a line, such as @example.com. Up to 1,000.",
            SettingKind.LINES);

    private final DomainAllowlists allowlists;

    DomainSettings(DomainAllowlists allowlists) {
        this.allowlists = allowlists;
    }

    @Override
    public SettingsTab tab() {
        return SettingsTab.DOMAINS;
    }

    @Override
    public List<Standing> standing(Tx tx, Org.Id org) {
        var list = allowlists.find(tx, org);
        return List.of(ON.of(list.enabled()), LIST.of(list.domains()));
    }

    /// The @ need not be typed.
    private static List<String> domains(String typed) {
        return SettingKind.Lines.entries(typed).stream().map(line -> line.startsWith("@") ? line : "@" + line)
            .toList();
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        if (!id.equals(DOMAINS)) {
            ON.kind().read(typed);
            return Optional.empty();
        }
        var domains = domains(typed);
        return domains.size() > ConfigType.ENTRIES_MAX
            ? Optional.of("At most %s domains; this has %s.".formatted(Words.number(ConfigType.ENTRIES_MAX),
                Words.number(domains.size())))
            : domains.stream().filter(one -> DomainAllowlists.domainsFault(List.of(one)).isPresent()).findFirst()
                .map(one -> "“%s” is not a domain, such as @example.com.".formatted(Text.cut(one, 80)));
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        allowlists.update(tx, Optional.ofNullable(changed.get(ENABLED)).flatMap(ON.kind()::read)
            .map(Boolean.class::cast), Optional.ofNullable(changed.get(DOMAINS)).map(DomainSettings::domains));
    }

    /// The same values can be set by their names, too.
    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        return List.of(org.value(), OrgConfig.DOMAIN_ALLOWLIST.id(org).value(),
            OrgConfig.DOMAIN_ALLOWLIST_ON.id(org).value());
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        var values = new LinkedHashMap<String, String>();
        if (facts.has(OrgConfig.DOMAIN_ALLOWLIST_ON.text())) {
            values.put(ENABLED, ON.kind().shown(SettingKind.recorded(
                facts.get(OrgConfig.DOMAIN_ALLOWLIST_ON.text()))));
        }
        if (facts.has(OrgConfig.DOMAIN_ALLOWLIST.text())) {
            values.put(DOMAINS, LIST.kind().shown(SettingKind.recorded(facts.get(OrgConfig.DOMAIN_ALLOWLIST.text()))));
        }
        if (entry.action().equals("domain_allowlist.updated")) {
            for (var field : List.of(ON, LIST)) {
                if (facts.has(field.id())) {
                    values.put(field.id(), field.kind().shown(SettingKind.recorded(facts.get(field.id()))));
                }
            }
        }
        return values;
    }
}
