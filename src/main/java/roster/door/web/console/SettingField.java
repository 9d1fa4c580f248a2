package roster.door.web.console;

import java.util.LinkedHashMap;

/// A setting in a form.
///
/// @param id of the control, and its name in the form
/// @param card under which heading it stands
record SettingField(String id, String card, String label, String hint, SettingKind kind) {
    /// A setting and its value, as text.
    record Standing(SettingField field, String text) {}

    Standing of(Object value) {
        return new Standing(this, SettingKind.clean(kind.shown(value)));
    }

    /// Values that exclude each other, in the order shown.
    ///
    /// @param pairs words, value, words, value ...
    static SettingKind choice(Object... pairs) {
        var all = new LinkedHashMap<String, Object>();
        for (var i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i].toString(), pairs[i + 1]);
        }
        return new SettingKind.Choice(all);
    }
}
