package roster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;
import roster.base.settings.Settings;
import roster.door.command.Outcome;

/// `roster config show`: the settings, with secrets masked. Invalid values are shown, too.
final class ConfigCommand {
    private ConfigCommand() {}

    static Outcome shown(Settings settings, boolean json) {
        var rows = new ArrayList<Map<String, Object>>();
        for (var setting : settings.known()) {
            var value = settings.value(setting);
            var row = new LinkedHashMap<String, Object>();
            row.put("name", setting.name());
            row.put("value", value.map(set -> setting.shown(set.text())));
            row.put("origin", value.map(Settings.Value::origin).orElse("not set"));
            row.put("otherwise",
                value.isPresent() ? Optional.empty() : setting.derived().map(text -> text.replace("`", "")));
            rows.add(row);
        }
        return new Outcome(Outcome.DONE, json ? new String(Json.bytes(rows), StandardCharsets.UTF_8) + "\n"
            : text(settings), "");
    }

    private static String text(Settings settings) {
        var lines = new ArrayList<String>();
        for (var setting : settings.known()) {
            lines.add(settings.value(setting)
                .map(value -> "%-26s %s  (%s)".formatted(setting.name(), setting.shown(value.text()), value.origin()))
                .orElseGet(
                    () -> "%-26s %s".formatted(setting.name(),
                        setting.derived().map(text -> "(%s)".formatted(text.replace("`", "")))
                            .orElse("-  (not set)"))));
        }
        return String.join("\n", lines) + "\n";
    }
}
