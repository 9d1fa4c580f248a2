package roster.base.jsonapi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.model.Problem.Fault;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// An object in the body of a request, read member by member.
///
/// Faults are collected, so that one response can name all of them in the order of the body. [#done()] throws them;
/// until then, a faulty member reads as absent. Objects within this one share its faults. Lists, texts and faults have
/// limits, so that no document costs more than its size or is answered with more.
public final class RequestObject {
    /// The most entries of any list; nouns have limits of their own below it.
    public static final int ENTRIES_MAX = 1000;

    /// The most faults that are told. Reading ends with them.
    public static final int FAULTS_MAX = 100;

    /// The longest text, in UTF-16 units; nouns have limits of their own below it.
    public static final int TEXT_MAX = Text.NORMALISED_MAX;

    private static final String NOT_TEXT = "Not a valid string.";
    private static final String TOO_LONG = "Longer than maximum length %d.";

    private final JsonNode node;
    private final Position at;
    private final List<Placed> faults;

    /// @param at where the node is in the body
    RequestObject(JsonNode node, Position at) {
        this(node, at, new ArrayList<>());
    }

    private RequestObject(JsonNode node, Position at, List<Placed> faults) {
        this.node = node;
        this.at = at;
        this.faults = faults;
    }

    private record Placed(Position at, Fault fault) {}

    JsonNode node() {
        return node;
    }

    /// Notes a fault unless the member `type` has this value.
    void mustHaveType(String expected) {
        if (!has("type")) {
            var name = at.pointer().substring(at.pointer().lastIndexOf('/') + 1);
            fault(at.missing("type"),
                new Fault.Shape("`%s` object must include `type` key.".formatted(name), at.pointer()));
        } else if (!(node.get("type").isString() && node.get("type").asString().equals(expected))) {
            var place = at.of(node, "type");
            fault(place, new Fault.Shape("Invalid type. Expected \"%s\".".formatted(expected), place.pointer()));
        }
    }

    public boolean has(String name) {
        return node.has(name);
    }

    /// A required member that is an object. If it is absent or null, notes a fault and returns an empty object.
    public RequestObject object(String name) {
        if (!has(name)) {
            missing(name);
        } else if (node.get(name).isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid object."));
        }
        return optionalObject(name);
    }

    /// An optional member that is an object. Absent or null reads as an empty object.
    public RequestObject optionalObject(String name) {
        var member = node.path(name);
        if (!member.isObject() && !member.isMissingNode() && !member.isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid object."));
        }
        return new RequestObject(member, at.of(node, name), faults);
    }

    /// A required text.
    public String text(String name) {
        if (!has(name)) {
            missing(name);
            return "";
        }
        return textIfSent(name).orElse("");
    }

    /// An optional text that must not be null.
    public Optional<String> textIfSent(String name) {
        return has(name) ? read(name, node.get(name)) : Optional.empty();
    }

    /// An optional text. Null counts as absent.
    public Optional<String> optionalText(String name) {
        return node.path(name).isNull() ? Optional.empty() : textIfSent(name);
    }

    /// An optional text or null. Empty if absent, an empty Optional inside for null.
    @SuppressWarnings("OptionalMapToOptional") // absent and null mean different things
    public Optional<Optional<String>> textOrNullIfSent(String name) {
        return node.path(name).isNull() ? Optional.of(Optional.empty()) : textIfSent(name).map(Optional::of);
    }

    private Optional<String> read(String name, JsonNode member) {
        if (!member.isString() || !Text.storable(member.asString())) {
            fault(at.of(node, name), new Fault.Member(name, NOT_TEXT));
            return Optional.empty();
        }
        if (member.asString().length() > TEXT_MAX) {
            fault(at.of(node, name), new Fault.Member(name, TOO_LONG.formatted(TEXT_MAX)));
            return Optional.empty();
        }
        return Optional.of(member.asString());
    }

    /// An optional list of texts. Null counts as absent, and absent reads as an empty list.
    public List<String> texts(String name) {
        var member = node.path(name);
        if (member.isMissingNode() || member.isNull()) {
            return List.of();
        }
        if (!member.isArray()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid list."));
            return List.of();
        }
        mustBeShort(member, at.of(node, name), name);
        var texts = new ArrayList<String>();
        member.forEach(entry -> read(name, entry).ifPresent(texts::add));
        return texts;
    }

    /// An optional list of texts that must not be null.
    public Optional<List<String>> textsIfSent(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (node.get(name).isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid list."));
        }
        return Optional.of(texts(name));
    }

    /// An optional list of objects that must not be null.
    public Optional<List<RequestObject>> objectsIfSent(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        var list = node.get(name);
        var place = at.of(node, name);
        if (!list.isArray()) {
            fault(place, new Fault.Member(name, "Not a valid list."));
            return Optional.of(List.of());
        }
        mustBeShort(list, place, name);
        var objects = new ArrayList<RequestObject>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).isObject()) {
                objects.add(new RequestObject(list.get(i), place.entry(i), faults));
            } else {
                fault(place.entry(i), new Fault.Member(name, "Not a valid object."));
            }
        }
        return Optional.of(objects);
    }

    /// A required member of any type, for values that only the noun can validate.
    public Optional<JsonNode> any(String name) {
        if (!has(name)) {
            missing(name);
            return Optional.empty();
        }
        return Optional.of(node.get(name));
    }

    /// A required whole number.
    ///
    /// @param least the smallest valid value, also returned if the member is faulty
    public long whole(String name, long least) {
        var number = any(name);
        if (number.isEmpty()) {
            return least;
        }
        if (!number.get().isIntegralNumber() || !number.get().canConvertToLong()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid integer."));
            return least;
        }
        if (number.get().asLong() < least) {
            fault(at.of(node, name),
                new Fault.Member(name, "Must be greater than or equal to %d.".formatted(least)));
        }
        return number.get().asLong();
    }

    /// A required boolean.
    public boolean flag(String name) {
        if (!has(name)) {
            missing(name);
        }
        return flagIfSent(name).orElse(false);
    }

    /// An optional list of texts or null. Empty if absent, an empty Optional inside for null.
    @SuppressWarnings("OptionalMapToOptional") // absent and null mean different things
    public Optional<Optional<List<String>>> textsOrNullIfSent(String name) {
        return node.path(name).isNull() ? Optional.of(Optional.empty()) : textsIfSent(name).map(Optional::of);
    }

    public Optional<Boolean> flagIfSent(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!node.get(name).isBoolean()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid boolean."));
            return Optional.empty();
        }
        return Optional.of(node.get(name).asBoolean());
    }

    /// A required e-mail address, folded.
    ///
    /// @param form of whose addresses, as `Email.folded`
    public String email(String name, Function<String, Optional<String>> form) {
        if (!has(name)) {
            missing(name);
            return "";
        }
        return emailIfSent(name, form).orElse("");
    }

    /// An optional e-mail address that must not be null, folded.
    ///
    /// @param form as for [#email]
    public Optional<String> emailIfSent(String name, Function<String, Optional<String>> form) {
        var typed = textIfSent(name);
        var folded = typed.flatMap(form);
        if (typed.isPresent() && folded.isEmpty()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid email address."));
        }
        return folded;
    }

    /// Applies a rule of the noun to a value, and notes a fault if it is not met.
    ///
    /// @param rule returns what is wrong with the value; empty if it is valid
    /// @return the value, unchanged
    public <T> Optional<T> checked(String name, Optional<T> value, Function<T, Optional<String>> rule) {
        value.flatMap(rule).ifPresent(reason -> fault(at.of(node, name), new Fault.Member(name, reason)));
        return value;
    }

    /// The id in a required relationship, such as `relationships.user.data`.
    public String reference(String relationship, String type) {
        var data = object("relationships").object(relationship).object("data");
        if (!data.node.isObject()) {
            return "";
        }
        data.mustHaveType(type);
        return data.text("id");
    }

    /// The ids in a relationship, in order and each once. Empty if the relationship is absent or null.
    public List<String> references(String relationship, String type) {
        var holder = optionalObject("relationships").optionalObject(relationship);
        var list = holder.node.path("data");
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            holder.fault(holder.at.of(holder.node, "data"), new Fault.Member("data", "Not a valid list."));
            return List.of();
        }
        var data = new RequestObject(list, holder.at.of(holder.node, "data"), faults);
        return data.entries("data", type).stream().map(entry -> entry.text("id")).distinct().toList();
    }

    /// Like [#references], but empty if the relationship or its data is absent or null.
    public Optional<List<String>> referencesIfSent(String relationship, String type) {
        var list = node.path("relationships").path(relationship).path("data");
        var named = references(relationship, type);
        return list.isMissingNode() || list.isNull() ? Optional.empty() : Optional.of(named);
    }

    /// The objects of this array, each of this type. Notes a fault for every other entry.
    List<RequestObject> entries(String name, String type) {
        mustBeShort(node, at, name);
        var entries = new ArrayList<RequestObject>();
        for (int i = 0; i < node.size(); i++) {
            var entry = new RequestObject(node.get(i), at.entry(i), faults);
            if (entry.node.isObject()) {
                entry.mustHaveType(type);
                entries.add(entry);
            } else {
                fault(entry.at, new Fault.Member(name, "Not a valid object."));
            }
        }
        return entries;
    }

    private void missing(String name) {
        if (!node.isObject()) {
            return; // the parent is missing or faulty itself, which was noted already
        }
        fault(at.missing(name), new Fault.Member(name, "Missing data for required field."));
    }

    /// @throws Refused beyond [#ENTRIES_MAX], with the faults found so far
    private void mustBeShort(JsonNode list, Position place, String name) {
        if (list.size() > ENTRIES_MAX) {
            fault(place, new Fault.Member(name, TOO_LONG.formatted(ENTRIES_MAX)));
            done();
        }
    }

    /// @throws Refused with all of them if there are [#FAULTS_MAX]
    private void fault(Position place, Fault fault) {
        faults.add(new Placed(place, fault));
        if (faults.size() == FAULTS_MAX) {
            done();
        }
    }

    /// @throws Refused with all faults found so far, if any, in the order of the body
    public void done() {
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing(Placed::at));
            throw new Refused(new Invalid(faults.stream().map(Placed::fault).distinct().toList()));
        }
    }
}
