package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;

/// Random patches, in the forms of several directories, against a plain model of a user.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PatchOracleTest {
    private static final List<String> TYPES = List.of("work", "home", "mobile");
    private static final List<String> NUMBERS = List.of("1", "2", "3");

    private static final class Phone {
        private String value;
        private String type;
        private Boolean primary;
    }

    /// A user as a program would hold one: fields, and a list.
    private static final class Model {
        private String title;
        private String givenName;
        private String familyName;
        private String department;
        private String manager;
        private boolean active = true;
        private final List<Phone> phones = new ArrayList<>();

        Attributes attributes() {
            var json = new LinkedHashMap<String, Object>();
            json.put("title", title);
            json.put("active", active);
            json.put("name", map("givenName", givenName, "familyName", familyName));
            json.put("phoneNumbers", phones.stream().filter(phone -> phone.value != null)
                .map(phone -> map("value", phone.value, "type", phone.type, "primary", phone.primary)).toList());
            json.put(Wire.ENTERPRISE, map("department", department, "manager",
                manager == null ? null : Map.of("value", manager)));
            return Attributes.of(json);
        }

        private static Map<String, Object> map(Object... namesAndValues) {
            var map = new LinkedHashMap<String, Object>();
            IntStream.range(0, namesAndValues.length / 2).filter(i -> namesAndValues[2 * i + 1] != null)
                .forEach(i -> map.put((String) namesAndValues[2 * i], namesAndValues[2 * i + 1]));
            return map;
        }

        /// An address at which the user is called no more: nothing is left of it.
        void forget() {
            phones.removeIf(phone -> phone.value == null);
        }

        void prefer(Phone phone) {
            phones.stream().filter(other -> other != phone && Boolean.TRUE.equals(other.primary))
                .forEach(other -> other.primary = false);
            phone.primary = true;
        }
    }

    private final long seed = Long.getLong("roster.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String op(String op) {
        return "'op': '%s'"
            .formatted(random.nextBoolean() ? op : op.substring(0, 1).toUpperCase(Locale.ROOT) + op.substring(1));
    }

    /// Sets or removes one attribute by one of the forms there are.
    private String single(String path, String value, boolean nested) {
        if (value == null) {
            return random.nextBoolean() ? "{%s, 'path': '%s'}".formatted(op("remove"), path)
                : "{%s, 'path': '%s', 'value': null}".formatted(op("replace"), path);
        }
        var op = op(one(List.of("add", "replace")));
        return switch (random.nextInt(nested ? 4 : 3)) {
            case 0 -> "{%s, 'path': '%s', 'value': '%s'}".formatted(op, path, value);
            case 1 ->
                "{%s, 'path': '%s', 'value': [{'value': '%s'}]}".formatted(op, path.toUpperCase(Locale.ROOT), value);
            case 2 -> "{%s, 'value': {'%s': '%s', 'unknown': 'x'}}".formatted(op, path, value);
            default -> {
                var dot = path.lastIndexOf(path.startsWith("urn") ? ':' : '.');
                yield "{%s, 'value': {'%s': {'%s': '%s'}}}".formatted(op, path.substring(0, dot),
                    path.substring(dot + 1), value);
            }
        };
    }

    private String step(Model model) {
        var value = random.nextInt(4) == 0 ? null : one(NUMBERS);
        switch (random.nextInt(10)) {
            case 0 -> {
                model.title = value;
                return single("title", value, false);
            }
            case 1 -> {
                model.givenName = value;
                return single("name.givenName", value, true);
            }
            case 2 -> {
                model.familyName = value;
                return single("name.familyName", value, true);
            }
            case 3 -> {
                model.department = value;
                return random.nextBoolean() ? single("department", value, false)
                    : single(Wire.ENTERPRISE + ":department", value, true);
            }
            case 4 -> {
                model.manager = value;
                return single(one(List.of("manager", "manager.value")), value, false);
            }
            case 5 -> {
                model.active = random.nextBoolean();
                return single("active", one(List.of("%b", model.active ? "True" : "False")).formatted(model.active),
                    false);
            }
            default -> {
                return phones(model);
            }
        }
    }

    private String phones(Model model) {
        var type = one(TYPES);
        var number = one(NUMBERS);
        var path = "phoneNumbers[type eq %s]".formatted(random.nextBoolean() ? type : "`" + type + "`");
        switch (random.nextInt(7)) {
            case 0 -> {
                model.phones.removeIf(phone -> type.equals(phone.type));
                return "{%s, 'path': '%s'}".formatted(op("remove"), path);
            }
            case 1 -> {
                model.phones.removeIf(phone -> number.equals(phone.value));
                return "{%s, 'path': 'phoneNumbers', 'value': [{'value': '%s'}]}".formatted(op("remove"), number);
            }
            case 2 -> {
                var chosen = model.phones.stream().filter(phone -> type.equals(phone.type)).toList();
                chosen.forEach(phone -> phone.value = number);
                if (chosen.isEmpty()) {
                    model.phones.add(phone(number, type));
                }
                return "{%s, 'path': '%s.value', 'value': '%s'}".formatted(op(one(List.of("add", "replace"))), path,
                    number);
            }
            case 3 -> {
                var primary = random.nextBoolean();
                var phone = model.phones.stream()
                    .filter(one -> number.equals(one.value) && type.equals(one.type)).findFirst().orElseGet(() -> {
                        model.phones.add(phone(number, type));
                        return model.phones.getLast();
                    });
                if (primary) {
                    model.prefer(phone);
                }
                return "{%s, 'path': 'phoneNumbers', 'value': [{'value': '%s', 'type': '%s'%s}]}"
                    .formatted(op("add"), number, type, primary ? ", 'Primary': 'True'" : "");
            }
            case 4 -> {
                model.phones.clear();
                model.phones.add(phone(number, type));
                return "{%s, 'value': {'phoneNumbers': {'value': '%s', 'type': '%s'}}}".formatted(op("replace"), number,
                    type);
            }
            case 5 -> {
                var preferred = model.phones.stream().filter(phone -> Boolean.TRUE.equals(phone.primary)).toList();
                preferred.forEach(phone -> phone.value = number);
                if (preferred.isEmpty()) {
                    model.phones.add(phone(number, null));
                    model.prefer(model.phones.getLast());
                }
                return "{%s, 'path': 'phoneNumbers[primary eq `True`].value', 'value': '%s'}".formatted(op("replace"),
                    number);
            }
            default -> {
                model.phones.stream().filter(phone -> type.equals(phone.type)).forEach(phone -> phone.type = null);
                return "{%s, 'path': '%s.type'}".formatted(op("remove"), path);
            }
        }
    }

    private static Phone phone(String value, String type) {
        var phone = new Phone();
        phone.value = value;
        phone.type = type;
        return phone;
    }

    @Test
    void a_history_of_patches_leaves_what_its_steps_leave() {
        var changes = 0;
        for (int history = 0; history < 500; history++) {
            var model = new Model();
            var attributes = model.attributes();
            for (int i = 0; i < 15; i++) {
                var steps = new ArrayList<String>();
                for (int step = 1 + random.nextInt(4); step > 0; step--) {
                    steps.add(step(model));
                }
                model.forget();
                var text = String.join(", ", steps).replace("`", "\\\"");
                var after = Wire.patch(text).apply(attributes);
                assertThat(after).as("%s on %s, seed %d", text, attributes, seed).isEqualTo(model.attributes());
                changes += Objects.equals(after, attributes) ? 0 : 1;
                attributes = Attributes.of(Wire.json(after.toString()));
                assertThat(attributes).isEqualTo(after);
            }
        }
        assertThat(changes).isGreaterThan(3_000);
    }

    /// 10,000 operations, each of which looks at 100 elements.
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void the_largest_patch_takes_seconds_at_most() {
        var emails = new ArrayList<Map<String, String>>();
        for (int i = 0; i < 100; i++) {
            emails.add(Map.of("value", "É".repeat(280) + i, "type", "t" + i));
        }
        var operations = new StringBuilder("{'op': 'add', 'path': 'title', 'value': 'x'}");
        for (int i = 1; i < 10_000; i++) {
            operations.append(
                ", {'op': 'replace', 'path': 'emails[value co `é%d`].display', 'value': 'd%d'}".formatted(i % 10, i));
        }
        var patch = Wire.patch(operations.toString().replace("`", "\\\""));
        assertThat(patch.operations()).hasSize(10_000);
        var after = patch.apply(Attributes.of(Map.of("emails", emails)));
        assertThat(after.elements("emails").get(9).text("display")).contains("d9999");
        assertThat(after.elements("emails").get(99).text("display")).contains("d9999");
    }

    @Test
    void any_patch_is_read_or_refused() {
        var values = List.of("'x'", "7", "true", "null", "[]", "{}", "[null]", "[[]]", "{'value': {}}",
            "[{'value': 7}]", "'True'", "[{}]",
            "{'emails': [{'value': 'a'}]}", "{'name': {'givenName': []}}", "{'active': 'x'}", "[{'type': 'work'}]",
            "{'%s': 'x'}".formatted(Wire.ENTERPRISE));
        var paths =
            List.of("title", "name", "name.givenName", "emails", "emails.value", "emails[type eq `work`]", "roles",
                "emails[type eq `work`].primary", "manager", "manager.$ref", Wire.ENTERPRISE, "active", "groups", "",
                "addresses", "foo", "a b");
        var types = new HashSet<ScimType>();
        var applied = 0;
        for (int round = 0; round < 30_000; round++) {
            var operation = "{'op': '%s', 'path': '%s', 'value': %s}"
                .formatted(one(List.of("add", "replace", "remove")), one(paths), one(values));
            try {
                Wire.patch(operation.replace("`", "\\\""))
                    .apply(Wire.user("{'active': true, 'emails': [{'value': 'w', 'type': 'work'}]}"));
                applied++;
            } catch (Refused refused) {
                assertThat(refused.problem()).as("%s, seed %d", operation, seed).isInstanceOf(BadScim.class);
                types.add(((BadScim) refused.problem()).type());
            }
        }
        assertThat(applied).isGreaterThan(5_000);
        assertThat(types).contains(ScimType.INVALID_SYNTAX, ScimType.INVALID_VALUE, ScimType.INVALID_PATH,
            ScimType.NO_TARGET,
            ScimType.MUTABILITY);
    }
}
