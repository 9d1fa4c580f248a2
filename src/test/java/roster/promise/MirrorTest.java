package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.TestOrg;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// P11: a consumer that begins with nothing and follows the feed has everything as the lists show it, at every moment of a
/// random history: what an event is about is told as it was right after it.
@Timeout(300)
class MirrorTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int HISTORIES = Integer.getInteger("roster.histories", 2);
    private static final int LOOKS = 4;

    /// Lists by the type of what is in them.
    private static final Map<String, String> LISTS = Map.of("users", "/api/v2/users?page%5Bsize%5D=1000", "roles",
        "/api/v2/roles?page%5Bsize%5D=100", "api_keys", "/api/v2/api_keys?page%5Bsize%5D=100", "application_keys",
        "/api/v2/application_keys?page%5Bsize%5D=100", "personal_access_tokens",
        "/api/v2/personal_access_tokens?page%5Bsize%5D=100", "authn_mappings",
        "/api/v2/authn_mappings?page%5Bsize%5D=100",
        "saml_configurations", "/api/v2/saml_configurations", "org_configs", "/api/v2/org_configs",
        "identity_providers",
        "/api/v2/identity_providers");

    /// What organisations have from the beginning, and events tell of only when it changes.
    private static final Set<String> TOLD_LATE = Set.of("org_configs", "identity_providers");

    /// What an anonymisation takes from events of the past.
    private static final Set<String> PERSONAL = Set.of("email", "handle", "name", "title", "icon", "mfa_enabled",
        "last_login_time");

    static List<Long> seeds() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        return IntStream.range(0, HISTORIES).mapToObj(i -> seed + i).toList();
    }

    private record Moment(long version, Map<String, JsonNode> things) {}

    private static Moment now(TestOrg org) {
        var things = new TreeMap<String, JsonNode>();
        LISTS.forEach((type, path) -> {
            var answer = org.founder().get(path);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            answer.at("/data").forEach(one -> things.put(type + "/" + one.at("/id").asString(), one));
        });
        return new Moment(org.version(), things);
    }

    private static List<JsonNode> feed(TestOrg org) {
        var events = new ArrayList<JsonNode>();
        var query = "";
        var more = true;
        while (more) {
            var page = org.founder().get("/api/v2/roster/events?limit=50" + query);
            assertThat(page.status()).as(page.toString()).isEqualTo(200);
            page.at("/data").forEach(events::add);
            more = page.at("/meta/page/more").asBoolean();
            query = "&after=" + page.at("/meta/page/after").asString();
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_feed_alone_tells_how_everything_is_and_was(long seed) {
        var org = roster.newOrg("mirror");
        var history = new RandomHistory(org, seed);
        var moments = new ArrayList<Moment>();
        var changes = 0;
        for (var step : history.steps()) {
            var before = org.version();
            step.run();
            if (org.version() > before && ++changes % LOOKS == 0) {
                history.look();
                moments.add(now(org));
            }
        }
        moments.add(now(org));
        assertThat(changes).as("seed %d", seed).isGreaterThan(30);

        var events = feed(org);
        var anonymised = events.stream().filter(event -> event.at("/type").asString().equals("user.anonymized"))
            .map(event -> event.at("/subject").asString()).collect(Collectors.toSet());
        var mirror = new TreeMap<String, ObjectNode>();
        var next = 0;
        for (var moment : moments) {
            while (next < events.size() && version(events.get(next)) <= moment.version()) {
                take(mirror, events.get(next++));
            }
            same(mirror, moment, anonymised, "at version %d, seed %d".formatted(moment.version(), seed));
        }
        assertThat(next).isEqualTo(events.size());
    }

    private static long version(JsonNode event) {
        return Long.parseLong(event.at("/sequence").asString().substring(0, 19));
    }

    /// As the documentation tells consumers to.
    private static void take(Map<String, ObjectNode> mirror, JsonNode event) {
        var subject = event.at("/subject").asString();
        var object = event.at("/data/object");
        if (object.isObject()) {
            mirror.put(subject, (ObjectNode) object.deepCopy());
        } else {
            assertThat(object.isNull()).as(event.toString()).isTrue();
            mirror.remove(subject);
        }
        var role = subject.substring(subject.indexOf('/') + 1);
        switch (event.at("/type").asString()) {
            case "role.member_added" ->
                change(mirror.get("users/" + event.at("/data/about").asString()), "roles", role, true);
            case "role.member_removed" ->
                change(mirror.get("users/" + event.at("/data/about").asString()), "roles", role, false);
            case "role.deleted" -> mirror.values().forEach(one -> {
                change(one, "roles", role, false);
                change(one, "default_roles", role, false);
            });
            default -> { // the object says it all
            }
        }
    }

    private static void change(ObjectNode one, String relationship, String role, boolean has) {
        if (one.at("/relationships/%s/data".formatted(relationship)) instanceof ArrayNode roles) {
            var rest = roles.valueStream().filter(each -> !each.at("/id").asString().equals(role)).toList();
            roles.removeAll();
            roles.addAll(rest);
            if (has) {
                roles.addObject().put("type", "roles").put("id", role);
            }
        }
    }

    private static void same(Map<String, ObjectNode> mirror, Moment moment, Set<String> anonymised, String when) {
        var keys = new TreeSet<>(moment.things().keySet());
        mirror.keySet().stream().filter(key -> LISTS.containsKey(key.substring(0, key.indexOf('/'))))
            .forEach(keys::add);
        keys.removeIf(key -> TOLD_LATE.contains(key.substring(0, key.indexOf('/'))) && !mirror.containsKey(key)
            || key.startsWith("org_configs/") && !moment.things().containsKey(key)); // one that is not listed
        var differences = new ArrayList<String>();
        for (var key : keys) {
            var told = told(mirror.get(key), anonymised.contains(key));
            var shown = shown(moment.things().get(key), mirror.get(key), anonymised.contains(key));
            if (!told.equals(shown)) {
                differences.add("%s%n  shown %s%n   told %s".formatted(key, shown, told));
            }
        }
        assertThat(differences).as(when).isEmpty();
    }

    private static Map<String, String> told(JsonNode one, boolean anonymised) {
        var words = new TreeMap<String, String>();
        if (one != null) {
            one.at("/attributes").properties().stream().filter(each -> !anonymised || !PERSONAL.contains(each.getKey()))
                .forEach(each -> words.put(each.getKey(), word(each.getKey(), each.getValue())));
            one.at("/relationships").properties()
                .forEach(each -> words.put(each.getKey(), ids(each.getValue().at("/data"))));
        }
        return words;
    }

    /// Of what is told.
    private static Map<String, String> shown(JsonNode one, JsonNode told, boolean anonymised) {
        var words = new TreeMap<String, String>();
        if (one != null) {
            var all = told(one, anonymised);
            var names = told == null ? all.keySet() : told(told, anonymised).keySet();
            names.forEach(name -> words.put(name, all.getOrDefault(name, "null")));
        }
        return words;
    }

    /// Some lists show milliseconds.
    private static String word(String name, JsonNode value) {
        var word = ListedState.word(value);
        return name.equals("last_login_time") || name.endsWith("_at") ? word.replaceFirst("([.][0-9]{3})[0-9]*Z", "$1Z")
            : word;
    }

    private static String ids(JsonNode data) {
        return data.isArray() ? ListedState.word(data.valueStream().map(each -> each.at("/id").asString()).toList())
            : data.at("/id").asString();
    }
}
