package roster.foreign;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import roster.core.permission.Catalogue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Holds one of our answers against the recorded one, and learns our ids on the way.
///
/// Every recorded member must be there, with the same JSON type. Values must be the same where a request said them, and
/// in what the recording itself made; elsewhere they are the recorders' own. Of a list of the recorders' own things the
/// shape counts, not which there are.
final class Comparison {
    /// Nullable in the contract, or a relationship that may be empty.
    private static final Set<String> NULLABLE =
        Set.of("name", "title", "last_login_time", "login_method", "description",
            "url", "date_last_used", "timestamp", "last_used_at", "expires_at", "data", "modified_at",
            "saml_assertion_attribute",
            "note", "value", "scopes");

    /// Facts about a thing that follow from the requests which made it.
    private static final Set<String> DERIVED = Set.of("status", "handle", "name", "title", "email");

    /// Members that the contract leaves to us.
    private static final Set<String> OPTIONAL = Set.of("created_by_handle", "modified_by_handle");

    /// What an organisation that logs in with Google calls a first invitation and a reminder.
    private static final Map<String, String> INVITE_TYPES = Map.of("openid_invite", "basic_invite", "openid_reminder",
        "basic_reminder");

    private static final Catalogue CATALOGUE = Catalogue.load();

    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Difference difference;

        private Found(Difference difference) {
            super(difference.what(), null, false, false);
            this.difference = difference;
        }
    }

    private final Recording.Step step;
    private final Learned learned;

    /// Whether the answer can hold only what the recording made: it was asked for something of its own.
    private final boolean narrow;

    /// Whether the request makes the thing that the answer shows.
    private final boolean making;

    Comparison(Recording.Step step, Learned learned) {
        this.step = step;
        this.learned = learned;
        this.narrow = step.query().values().stream().flatMap(List::stream).anyMatch(learned::sent)
            || List.of(step.path().split("/")).stream().anyMatch(learned::made);
        this.making = step.succeeded() && (step.status() == 201 || step.method().equals("POST") && makesOne());
    }

    private boolean makesOne() {
        var sent = step.body().map(body -> body.path("data")).orElse(MissingNode.getInstance());
        var shown = step.answer().map(answer -> answer.path("data")).orElse(MissingNode.getInstance());
        return sent.isObject() && shown.isObject() && !sent.has("id")
            && (!sent.has("type") || sent.get("type").equals(shown.path("type")));
    }

    /// @param ours no node for an answer without a body
    Optional<Difference> first(int status, Optional<JsonNode> ours) {
        try {
            var expected = step.status() == 401 ? 403 : step.status(); // bad keys are 403 here
            if (status != expected) {
                throw new Found(Difference.of("status", Integer.toString(expected),
                    status + ours.map(answer -> " " + answer).orElse("")));
            }
            if (step.answer().isPresent() != ours.isPresent()) {
                throw new Found(Difference.of("body", step.answer().map(JsonNode::toString).orElse("none"),
                    ours.map(JsonNode::toString).orElse("none")));
            }
            if (ours.isPresent()) {
                document(step.answer().orElseThrow(), ours.get());
            }
            return Optional.empty();
        } catch (Found found) {
            return Optional.of(found.difference);
        }
    }

    private void document(JsonNode recorded, JsonNode ours) {
        if (!step.succeeded()) {
            errors(recorded, ours);
            return;
        }
        var data = recorded.path("data");
        if (making && data.isObject()) {
            madeOne(data, ours.path("data"));
        } else if (making && data.isArray()) {
            for (int i = 0; i < data.size(); i++) {
                madeOne(data.get(i), ours.path("data").path(i));
            }
        }
        members(recorded, ours, "", false);
    }

    private void madeOne(JsonNode recorded, JsonNode ours) {
        if (recorded.path("id").isString() && ours.path("id").isString()) {
            learned.learn(recorded.get("id").asString(), ours.get("id").asString());
            learned.makes(recorded.get("id").asString());
        }
    }

    /// The envelope counts, not the wording. Older ones had more members, newer ones objects for texts.
    private static void errors(JsonNode recorded, JsonNode ours) {
        if (!recorded.has("errors")) {
            return;
        }
        var texts = ours.path("errors");
        if (!texts.isArray() || texts.isEmpty()) {
            throw new Found(Difference.of("/errors", recorded.get("errors"), texts));
        }
        texts.forEach(text -> {
            if (!text.isString() || text.asString().isBlank()) {
                throw new Found(Difference.of("/errors", recorded.get("errors"), texts));
            }
        });
    }

    private void members(JsonNode recorded, JsonNode ours, String at, boolean own) {
        for (var member : recorded.properties()) {
            var name = member.getKey();
            var pointer = at + "/" + name;
            if (!ours.has(name)) {
                if (!optional(name) && !(name.equals("included") && noneMade(member.getValue()))) {
                    throw new Found(Difference.of(pointer, member.getValue(), MissingNode.getInstance()));
                }
                continue;
            }
            value(member.getValue(), ours.get(name), name, pointer, own);
        }
    }

    private boolean noneMade(JsonNode included) {
        return included.valueStream().noneMatch(entry -> learned.made(entry.path("id").asString("")));
    }

    private void value(JsonNode recorded, JsonNode ours, String name, String at, boolean own) {
        if (recorded.isNull() || ours.isNull()) {
            nothing(recorded, ours, name, at, own);
            return;
        }
        if (recorded.getNodeType() != ours.getNodeType()) {
            if (!name.equals("value")) { // of a setting, whose type depends on the setting
                throw new Found(Difference.of(at, recorded, ours));
            }
            return;
        }
        if (recorded.isObject()) {
            var owned = recorded.path("id").isString() ? learned.made(recorded.get("id").asString()) : own;
            members(recorded, ours, at, owned);
        } else if (recorded.isArray()) {
            entries(recorded, ours, name, at, own);
        } else if (recorded.isString()) {
            text(recorded.asString(), ours.asString(), name, at, own);
        } else if (recorded.isBoolean()) {
            if ((own || learned.sent(name, recorded)) && !recorded.equals(ours)) {
                throw new Found(Difference.of(at, recorded, ours));
            }
        } else if (name.equals("total_filtered_count") || name.equals("user_count")) {
            var counted = name.equals("user_count") ? own : narrow && !permissions(step.answer().orElseThrow());
            if (counted && recorded.asLong() != ours.asLong()) {
                throw new Found(Difference.of(at, recorded, ours));
            }
        }
    }

    private static boolean permissions(JsonNode answer) {
        return answer.path("data").path(0).path("type").asString("").equals("permissions");
    }

    private void nothing(JsonNode recorded, JsonNode ours, String name, String at, boolean own) {
        var decided = own && (name.equals("name") || name.equals("title"))
            || recorded.isString() && learned.sent(recorded.asString());
        if (recorded.isNull() == ours.isNull() || NULLABLE.contains(name) && !decided) {
            return;
        }
        throw new Found(Difference.of(at, recorded, ours));
    }

    private void text(String recorded, String ours, String name, String at, boolean own) {
        // The recorders' own handle was the id of a service account.
        if (name.equals("id") || Learned.isUuid(recorded) && (own || !name.equals("handle"))) {
            id(recorded, ours, at);
            return;
        }
        var time = Learned.time(recorded);
        if (time.isPresent()) {
            time(recorded, ours, at);
            return;
        }
        var expected = INVITE_TYPES.getOrDefault(recorded, recorded);
        if (name.equals("email") || name.equals("handle")) {
            expected = expected.toLowerCase(Locale.ROOT); // kept as typed in 2020
        }
        var decided = name.equals("type") || name.equals("invite_type") || learned.sent(recorded)
            || own && DERIVED.contains(name) || own && name.equals("icon") && addressesAreFolded();
        if (decided && !expected.equals(ours)) {
            throw new Found(Difference.of(at, '"' + expected + '"', '"' + ours + '"'));
        }
    }

    /// An icon is a hash of the address, which in 2020 was kept as typed.
    private boolean addressesAreFolded() {
        return step.answer().orElseThrow().findValuesAsString("email").stream()
            .allMatch(email -> email.equals(email.toLowerCase(Locale.ROOT)));
    }

    private void id(String recorded, String ours, String at) {
        if (Learned.isUuid(recorded) && !Learned.isUuid(ours)) {
            throw new Found(Difference.of(at, '"' + recorded + '"', '"' + ours + '"'));
        }
        if (learned.made(recorded) && !learned.live(recorded).equals(ours)) {
            throw new Found(Difference.of(at, "the id of what was made before", '"' + ours + '"'));
        }
        learned.learn(recorded, ours);
    }

    /// Of a time its form counts, and its value where the request said it.
    private void time(String recorded, String ours, String at) {
        var live = Learned.time(ours).orElseThrow(() -> new Found(Difference.of(at, recorded, ours)));
        if (learned.sentTime(recorded) && Duration.between(live,
            learned.moved(Learned.time(recorded).orElseThrow())).abs().toMillis() > 1) {
            throw new Found(new Difference("%s: recorded the time that was sent, ours another".formatted(at)));
        }
    }

    private void entries(JsonNode recorded, JsonNode ours, String name, String at, boolean own) {
        if (isAboutThings(recorded)) {
            things(recorded, ours, name, at);
        } else if (recorded.isEmpty()) {
            var ownersOnly = at.equals("/data") && !narrow;
            if ((own || at.equals("/data")) && !ownersOnly && !ours.isEmpty()) {
                throw new Found(Difference.of(at, recorded, ours));
            }
        } else if (recorded.get(0).isObject() || recorded.get(0).isArray()) {
            unnamed(recorded, ours, name, at, own);
        } else {
            scalars(recorded, ours, at, own);
        }
    }

    private static boolean isAboutThings(JsonNode array) {
        return !array.isEmpty()
            && array.valueStream().allMatch(entry -> entry.path("id").isString() && entry.path("type").isString());
    }

    /// Objects without an id: as many after a change, in any order that the request did not say.
    private void unnamed(JsonNode recorded, JsonNode ours, String name, String at, boolean own) {
        if ((own || !step.method().equals("GET")) && recorded.size() != ours.size()) {
            throw new Found(Difference.of(at, recorded.size() + " entries", ours.size() + " entries"));
        }
        for (int i = 0; i < Math.min(recorded.size(), ours.size()); i++) {
            value(recorded.get(i), ours.get(i), name, at + "/" + i, own);
        }
    }

    private void scalars(JsonNode recorded, JsonNode ours, String at, boolean own) {
        for (int i = 0; i < recorded.size(); i++) {
            var expected = recorded.get(i);
            if (expected.isString() && learned.sent(expected.asString())
                && ours.valueStream().noneMatch(entry -> entry.equals(learned.live(expected)))) {
                throw new Found(Difference.of(at + "/" + i, expected, ours));
            }
        }
        if (own && recorded.size() != ours.size()) {
            throw new Found(Difference.of(at, recorded, ours));
        }
        if (!ours.isEmpty() && ours.get(0).getNodeType() != recorded.get(0).getNodeType()) {
            throw new Found(Difference.of(at + "/0", recorded.get(0), ours.get(0)));
        }
    }

    /// Objects with an id: those that the recording made or named must be there and be equal, the rest alike.
    private void things(JsonNode recorded, JsonNode ours, String name, String at) {
        var partners = partners(recorded, ours, at);
        var lastOurs = -1;
        for (int i = 0; i < recorded.size(); i++) {
            var pointer = at + "/" + i;
            var thing = recorded.get(i);
            var id = thing.get("id").asString();
            var partner = partners.get(i);
            if (partner == null) {
                if (learned.made(id) || mustHold(thing)) {
                    throw new Found(Difference.of(pointer, thing, MissingNode.getInstance()));
                }
                continue;
            }
            value(thing, ours.get(partner), name, pointer, false);
            if (learned.made(id)) {
                if (partner < lastOurs) {
                    throw new Found(new Difference("%s: comes in another order".formatted(pointer)));
                }
                lastOurs = partner;
            }
        }
        var closed = at.equals("/data") && narrow || at.contains("/relationships/") && relatesOwn(recorded);
        var kind = recorded.get(0).get("type").asString();
        if (closed && !kind.equals("permissions") && recorded.size() != ours.size()) {
            throw new Found(Difference.of(at, recorded.size() + " entries", ours.size() + " entries"));
        }
    }

    private boolean relatesOwn(JsonNode recorded) {
        return recorded.valueStream().allMatch(entry -> learned.made(entry.get("id").asString()));
    }

    /// A permission that a request named and that the answer shows must be there. Others came as the organisation's
    /// default, or have left the catalogue.
    private boolean mustHold(JsonNode thing) {
        return thing.get("type").asString().equals("permissions") && learned.sent(thing.get("id").asString())
            && Learned.isUuid(thing.get("id").asString())
            && CATALOGUE.find(UUID.fromString(thing.get("id").asString())).isPresent();
    }

    /// Which of ours each recorded thing is held against; no entry for none.
    private Map<Integer, Integer> partners(JsonNode recorded, JsonNode ours, String at) {
        var partners = new LinkedHashMap<Integer, Integer>();
        var taken = new HashSet<Integer>();
        for (int i = 0; i < recorded.size(); i++) {
            var id = learned.live(recorded.get(i).get("id").asString());
            pair(partners, taken, i, place(ours, taken, entry -> entry.path("id").asString("").equals(id)));
        }
        for (var key : List.of("handle", "name")) {
            for (int i = 0; i < recorded.size(); i++) {
                var said = recorded.get(i).path("attributes").path(key);
                if (!partners.containsKey(i) && said.isString() && isNew(recorded.get(i))) {
                    pair(partners, taken, i, place(ours, taken,
                        entry -> said.equals(entry.path("attributes").path(key))));
                }
            }
        }
        // What is left is the recorders' own: any of ours of the same type shows whether it looks alike.
        for (int i = 0; i < recorded.size(); i++) {
            var thing = recorded.get(i);
            if (!partners.containsKey(i) && isNew(thing) && !thing.get("type").asString().equals("permissions")) {
                var type = thing.get("type");
                var free = place(ours, taken, entry -> type.equals(entry.path("type")));
                pair(partners, taken, i, free);
                if (free.isEmpty() && thing.has("attributes")) {
                    place(ours, Set.of(), entry -> type.equals(entry.path("type")))
                        .ifPresent(any -> alike(thing, ours.get(any), at));
                }
            }
        }
        return partners;
    }

    private boolean isNew(JsonNode thing) {
        return !learned.knows(thing.get("id").asString());
    }

    /// Members and types alone.
    private void alike(JsonNode recorded, JsonNode ours, String at) {
        for (var member : recorded.path("attributes").properties()) {
            var pointer = at + "/*/attributes/" + member.getKey();
            var same = ours.path("attributes").path(member.getKey());
            if (same.isMissingNode() && !optional(member.getKey())) {
                throw new Found(Difference.of(pointer, member.getValue(), same));
            }
        }
    }

    /// An application key is shown once here, at its creation; the recorders' organisation showed it again.
    private boolean optional(String member) {
        return OPTIONAL.contains(member)
            || member.equals("key") && !making && step.path().startsWith("/api/v2/current_user/application_keys/");
    }

    private static void pair(Map<Integer, Integer> partners, Set<Integer> taken, int recorded, Optional<Integer> ours) {
        ours.ifPresent(place -> {
            partners.put(recorded, place);
            taken.add(place);
        });
    }

    private static Optional<Integer> place(JsonNode ours, Set<Integer> taken,
        Predicate<JsonNode> fits) {
        return IntStream.range(0, ours.size()).filter(i -> !taken.contains(i) && fits.test(ours.get(i))).boxed()
            .findFirst();
    }
}
