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

/// What one page of settings is about: what stands there, and how it is changed. Values are text, as forms have them.
interface SettingsSubject {
    SettingsTab tab();

    /// All fields of the form, in order.
    List<Standing> standing(Tx tx, Org.Id org);

    /// Whether a field is shown only to those who may change it.
    default boolean isGuarded(String id) {
        return false;
    }

    /// What is wrong with a value, as far as that is known before; none: nothing.
    ///
    /// @param id of the field
    Optional<String> fault(String id, String typed);

    /// @param changed by field, only those that change
    void set(WriteTx tx, Map<String, String> changed);

    /// What the entries of the audit trail about these settings are about.
    Collection<UUID> subjects(Tx tx, Org.Id org);

    /// Values that an entry has recorded, by field.
    ///
    /// @param facts before or after
    Map<String, String> recorded(TrailEntry entry, JsonNode facts);
}
