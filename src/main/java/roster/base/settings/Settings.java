package roster.base.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// What is set, and where: the environment first, `roster.properties` in the current folder second, defaults last.
public final class Settings {
    /// @param origin `environment`, the file's name, or `default`
    public record Value(String text, String origin) {}

    private static final String FILE = "roster.properties";

    /// What Java has in the place of bytes that are no letters in the locale.
    private static final char UNREADABLE = '\uFFFD';

    private static final Pattern INJECTED = Pattern.compile("ROSTER(_[A-Z0-9_]+)?"
        + "(_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

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
    /// @throws WrongSetting for an unknown name, a file that cannot be read, or text that this locale cannot read
    public static Settings read(List<Setting<?>> known, Map<String, String> environment, Path folder) {
        var settings = new Settings(known);
        settings.add(PropertiesFile.read(folder.resolve(FILE)), FILE);
        var ours = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("ROSTER_") && !injected(name, value)) {
                ours.put(name, value);
            }
        });
        settings.add(ours, "environment");
        return settings;
    }

    private void add(Map<String, String> given, String origin) {
        given.forEach((name, text) -> {
            var setting = known.get(name);
            if (setting == null) {
                throw new WrongSetting(name + new NearestNames(known.keySet()).hint(name));
            }
            if (text.indexOf(UNREADABLE) >= 0) {
                throw new WrongSetting("%s has letters that cannot be read in this locale; set LC_ALL=C.UTF-8"
                    .formatted(name));
            }
            if (!text.isBlank()) { // an empty value counts as not set
                values.put(setting, new Value(text.strip(), origin));
            }
        });
    }

    /// Kubernetes sets such variables for every service, and ours may be called "roster" or "roster-api".
    private static boolean injected(String name, String value) {
        return INJECTED.matcher(name).matches() || name.endsWith("_PORT") && value.startsWith("tcp://");
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
