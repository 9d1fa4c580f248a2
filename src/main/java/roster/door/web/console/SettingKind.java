package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import roster.model.Problem.BadRequest;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// How a setting stands in a form, as text.
sealed interface SettingKind {
    SettingKind LINE = new Typed(false);
    SettingKind LINES = new Lines();
    SettingKind TEXT = new Typed(true);
    SettingKind LENGTH = new Length();

    /// A value as a form shows it.
    String shown(Object value);

    /// A value as it was typed; none if it is not of this kind.
    Optional<Object> read(String typed);

    /// Whether it may have several lines.
    default boolean isTall() {
        return false;
    }

    /// Any text.
    record Typed(boolean isTall) implements SettingKind {
        @Override
        public String shown(Object value) {
            return value.toString();
        }

        @Override
        public Optional<Object> read(String typed) {
            return Optional.of(typed);
        }
    }

    /// A list, one entry a line.
    record Lines() implements SettingKind {
        @Override
        public boolean isTall() {
            return true;
        }

        @Override
        public String shown(Object value) {
            return ((List<?>) value).stream().map(Object::toString).collect(Collectors.joining("\n"));
        }

        @Override
        public Optional<Object> read(String typed) {
            return Optional.of(entries(typed));
        }

        static List<String> entries(String typed) {
            return typed.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        }
    }

    /// One of several values, each with its words.
    record Choice(SequencedMap<String, Object> byWords) implements SettingKind {
        @Override
        public String shown(Object value) {
            return byWords.entrySet().stream().filter(one -> one.getValue().equals(value)).map(Map.Entry::getKey)
                .findFirst().orElse(value.toString());
        }

        @Override
        public Optional<Object> read(String typed) {
            if (!byWords.containsKey(typed)) {
                throw new Refused(new BadRequest()); // a value that the page does not offer
            }
            return Optional.of(byWords.get(typed));
        }
    }

    /// One of several texts, chosen from a menu.
    ///
    /// @param words what the menu shows for each, in order
    record Menu(SequencedMap<String, String> words) implements SettingKind {
        @Override
        public String shown(Object value) {
            return value.toString();
        }

        @Override
        public Optional<Object> read(String typed) {
            if (!words.containsKey(typed)) {
                throw new Refused(new BadRequest()); // a value that the page does not offer
            }
            return Optional.of(typed);
        }
    }

    /// A length of time, kept in seconds; 0 is empty.
    record Length() implements SettingKind {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,8}) ?([smhd])");
        private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86_400L);

        @Override
        public String shown(Object value) {
            var seconds = (long) value;
            if (seconds == 0) {
                return "";
            }
            var unit = seconds % 86_400 == 0 ? "d" : seconds % 3600 == 0 ? "h" : seconds % 60 == 0 ? "m" : "s";
            return seconds / SECONDS.get(unit) + unit;
        }

        @Override
        public Optional<Object> read(String typed) {
            var form = FORM.matcher(typed);
            return typed.isEmpty() ? Optional.of(0L) : form.matches()
                ? Optional.of(Long.parseLong(form.group(1)) * SECONDS.get(form.group(2))) : Optional.empty();
        }
    }

    /// As forms send and keep it: line breaks alike, no blanks around it.
    static String clean(String typed) {
        return typed.replace("\r\n", "\n").replace('\r', '\n').strip();
    }

    /// A value as the audit trail has it.
    static Object recorded(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(one -> one.asString("")).toList();
        }
        return value.isBoolean() ? value.asBoolean() : value.isIntegralNumber() ? value.asLong()
            : value.asString("");
    }
}
