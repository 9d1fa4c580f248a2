package roster.door.web.console;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.TrailEntry;
import roster.door.web.console.SettingField.Standing;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// A page of settings that all have a name of their own in the API.
record ConfigSettings(SettingsTab tab, ConfigFields configs) implements SettingsSubject {
    @Override
    public List<Standing> standing(Tx tx, Org.Id org) {
        return configs.standing(tx, org);
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        return configs.fault(id, typed);
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        configs.set(tx, changed);
    }

    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        return configs.subjects(org);
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        return configs.recorded(entry, facts);
    }
}
