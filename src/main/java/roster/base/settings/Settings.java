package roster.base.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import roster.model.Text;

/// What is set, and where: the environment first, `roster.properties` in the current folder second, defaults last.
public final class Settings {
    /// @param origin `environment`, the file's name, or `default`
    public record Value(String text, String origin) {}

    private static final String FILE = "roster.properties";

    private final Map<String, Setting<?>> known = new LinkedHashMap<>();
    private final Map<Setting<?>, Value> values = new HashMap<>();
    private final Map<Setting<?>, Object> parsed = new ConcurrentHashMap<>();

    private Settings(List<Setting<?>> known) {
        for (var setting : known) {
            if (this.known.putIfAbsent(setting.name(), setting) != null) {
                throw new IllegalArgumentException("two settings are named " + setting);
            }
            setting.standard().ifPresent(text -> values.put(setting, new Value(text, "default")));
        }
    }

    /// Reads names and texts. Values are read by [#check] and [#get].
    ///
    /// @param known all settings there are
    /// @param folder where `roster.properties` may lie
    /// @throws WrongSetting for an unknown name
    public static Settings read(List<Setting<?>> known, Map<String, String> environment, Path folder) {
        var settings = new Settings(known);
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
                throw new WrongSetting("%s cannot be read: it must be UTF-8 text of lines NAME=value".formatted(file));
            }
            properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
        }
        return found;
    }

    private void add(Map<String, String> given, String origin) {
        given.forEach((name, text) -> {
            var setting = known.get(name);
            if (setting == null) {
                throw new WrongSetting("%s was not used. Did you mean %s?".formatted(name, nearest(name)));
            }
            if (!text.isBlank()) { // an empty value counts as not set
                values.put(setting, new Value(text.strip(), origin));
            }
        });
    }

    private String nearest(String name) {
        var upper = name.toUpperCase(Locale.ROOT);
        return known.keySet().stream().min(Comparator.comparingInt(one -> Text.distance(one, upper))).orElseThrow();
    }

    /// Kubernetes sets such variables for every service, and ours may be called "roster".
    private static boolean injected(String name, String value) {
        return name.startsWith("ROSTER_SERVICE_") || name.startsWith("ROSTER_PORT_")
            || name.equals("ROSTER_PORT") && value.startsWith("tcp://");
    }

    /// All settings there are, in the order in which they are shown.
    public List<Setting<?>> known() {
        return List.copyOf(known.values());
    }

    /// Reads every value.
    ///
    /// @throws WrongSetting for the first one that will not do
    public void check() {
        known.values().forEach(this::get);
    }

    /// The value, or the default; nothing if there is neither.
    ///
    /// @throws WrongSetting if it will not do
    @SuppressWarnings("unchecked") // put there by this very method
    public <T> Optional<T> get(Setting<T> setting) {
        mustBeKnown(setting);
        return Optional.ofNullable(values.get(setting))
            .map(value -> (T) parsed.computeIfAbsent(setting, _ -> setting.parsed(value.text())));
    }

    /// The value of a setting that has a default.
    ///
    /// @throws WrongSetting if it will not do
    public <T> T require(Setting<T> setting) {
        return get(setting).orElseThrow();
    }

    /// The text and its origin, whether it will do or not.
    public Optional<Value> value(Setting<?> setting) {
        mustBeKnown(setting);
        return Optional.ofNullable(values.get(setting));
    }

    private void mustBeKnown(Setting<?> setting) {
        if (known.get(setting.name()) != setting) {
            throw new IllegalStateException("%s is in no feature's list of settings".formatted(setting));
        }
    }
}
