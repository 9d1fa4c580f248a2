package roster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/// What was set, and where: the environment first, `roster.properties` in the current folder second, the defaults last.
public final class Settings {
    /// @param origin `environment`, the file's name, or `default`
    public record Value(String text, String origin) {}

    /// A setting that is unknown or has a value it cannot have. The message says what to do.
    public static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Wrong(String message) {
            super(message);
        }
    }

    private static final String FILE = "roster.properties";

    private final Map<Setting, Value> values = new EnumMap<>(Setting.class);

    private Settings() {}

    /// @throws Wrong for a name that is no setting
    public static Settings read(Map<String, String> environment, Path folder) {
        var settings = new Settings();
        for (var setting : Setting.values()) {
            setting.standard().ifPresent(text -> settings.values.put(setting, new Value(text, "default")));
        }
        settings.add(file(folder.resolve(FILE)), FILE);
        var ours = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("ROSTER_") && !injected(name, value)) {
                ours.put(name, value);
            }
        });
        settings.add(ours, "environment");
        return settings;
    }

    private static Map<String, String> file(Path file) {
        var found = new TreeMap<String, String>();
        if (Files.exists(file)) {
            var properties = new Properties();
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) { // the latter for a broken \\u escape
                throw new Wrong("%s cannot be read: it must be UTF-8 text of lines NAME=value".formatted(file));
            }
            properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
        }
        return found;
    }

    private void add(Map<String, String> given, String origin) {
        given.forEach((name, text) -> {
            var setting = Setting.named(name).orElseThrow(() -> new Wrong(
                "%s was not used. Did you mean %s?".formatted(name, Setting.nearest(name))));
            if (!text.isBlank()) { // an empty value counts as not set
                values.put(setting, new Value(text.strip(), origin));
            }
        });
    }

    /// Kubernetes sets such variables for every service, and ours may be called "roster".
    private static boolean injected(String name, String value) {
        return name.startsWith("ROSTER_SERVICE_") || name.startsWith("ROSTER_PORT_")
            || name.equals("ROSTER_PORT") && value.startsWith("tcp://");
    }

    public Optional<String> get(Setting setting) {
        return value(setting).map(Value::text);
    }

    public Optional<Value> value(Setting setting) {
        return Optional.ofNullable(values.get(setting));
    }
}
