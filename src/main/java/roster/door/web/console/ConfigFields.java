package roster.door.web.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.TrailEntry;
import roster.core.org.ConfigType;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.door.web.console.SettingField.Standing;
import roster.model.Org;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// Fields of forms that are settings of the organisation by name.
final class ConfigFields {
    /// How much of an entry is shown that is wrong, in characters.
    private static final int SHOWN = 80;

    private final OrgConfigs configs;
    private final Map<String, One> all = new LinkedHashMap<>();

    /// @param fault what is told of a value that is not fit; `%s` in it stands for the entry of a list
    private record One(OrgConfig config, SettingField field, String fault) {}

    ConfigFields(OrgConfigs configs) {
        this.configs = configs;
    }

    /// @param fault what is told of a value that is not fit
    ConfigFields with(OrgConfig config, String card, String label, String hint, SettingKind kind, String fault) {
        all.put(config.text(), new One(config, new SettingField(config.text(), card, label, hint, kind), fault));
        return this;
    }

    ConfigFields with(OrgConfig config, String card, String label, String hint, SettingKind choice) {
        return with(config, card, label, hint, choice, "");
    }

    List<Standing> standing(Tx tx, Org.Id org) {
        return all.values().stream().map(one -> one.field().of(configs.find(tx, org, one.config()).value())).toList();
    }

    Optional<String> fault(String id, String typed) {
        var one = all.get(id);
        if (one == null) {
            return Optional.empty();
        }
        var value = one.field().kind().read(typed);
        if (value.isEmpty()) {
            return Optional.of(one.fault());
        }
        if (value.get() instanceof List<?> entries) {
            return entries.size() > ConfigType.ENTRIES_MAX
                ? Optional.of("At most %s entries; this has %s.".formatted(Words.number(ConfigType.ENTRIES_MAX),
                    Words.number(entries.size())))
                : entries.stream().filter(entry -> !OrgConfigs.isFit(one.config(), List.of(entry))).findFirst()
                    .map(entry -> one.fault().formatted(Text.cut(entry.toString(), SHOWN)));
        }
        return OrgConfigs.isFit(one.config(), value.get()) ? Optional.empty() : Optional.of(one.fault());
    }

    /// Sets those of some values that are of these fields.
    void set(WriteTx tx, Map<String, String> changed) {
        all.forEach((id, one) -> Optional.ofNullable(changed.get(id)).flatMap(one.field().kind()::read)
            .ifPresent(value -> configs.set(tx, one.config(), value)));
    }

    List<UUID> subjects(Org.Id org) {
        return all.values().stream().map(one -> one.config().id(org).value()).toList();
    }

    Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        var one = all.get(entry.subjectName());
        return one == null || !entry.action().equals("org_config.updated") || !facts.has(entry.subjectName())
            ? Map.of() : Map.of(entry.subjectName(),
                one.field().kind().shown(SettingKind.recorded(facts.get(entry.subjectName()))));
    }
}
