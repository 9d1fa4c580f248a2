package roster.base.jsonapi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import roster.base.http.Request;
import roster.base.json.Json;
import roster.model.Email;
import roster.model.Problem.Fault;
import roster.model.Problem.Invalid;
import roster.model.Problem.Mismatch;
import roster.model.Problem.Unfit;
import roster.model.Problem.WrongContentType;
import roster.model.Refused;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// An object of a request's body, read member by member. Faults are collected, so that one answer can name them all in
/// the order of the body; [#done()] throws them. Until then a faulty member reads as absent.
public final class Sent {
    private static final String NOT_TEXT = "Not a valid string.";

    private final JsonNode node;
    private final Position at;
    private final List<Placed> faults;

    private Sent(JsonNode node, Position at, List<Placed> faults) {
        this.node = node;
        this.at = at;
        this.faults = faults;
    }

    private record Placed(Position at, Fault fault) {}

    /// The body's `data`, an object of this type.
    ///
    /// @throws Refused with WrongContentType, TooLarge, TooSlow, NotJson, or Invalid where it is no such object
    public static Sent resource(Request request, String type) {
        var sent = data(request);
        sent.mustBeObject("data");
        sent.type(type);
        return sent;
    }

    /// The body's `data`, an object whose type may be left out.
    public static Sent resourceOfOptionalType(Request request, String type) {
        var sent = data(request);
        sent.mustBeObject("data");
        if (sent.has("type")) {
            sent.type(type);
        }
        return sent;
    }

    /// Holds the id in a body against that in the path, letter case ignored.
    ///
    /// @throws Refused with the mismatch if they are different
    public static void mustAgree(String sentId, String pathId, Mismatch mismatch) {
        if (!sentId.toLowerCase(Locale.ROOT).equals(pathId.toLowerCase(Locale.ROOT))) {
            throw new Refused(mismatch);
        }
    }

    /// The id of a thing of this type that the body's `data` refers to.
    ///
    /// @throws Refused as [#resource] does, but with [Unfit] for another type: the live API words this one otherwise
    public static String referenced(Request request, String type) {
        var sent = data(request);
        sent.mustBeObject("data");
        var sentType = sent.node.path("type");
        if (sentType.isString() && !sentType.asString().equals(type)) {
            throw new Refused(new Unfit("400 BAD REQUEST"));
        }
        sent.type(type);
        var id = sent.text("id");
        sent.done();
        return id;
    }

    /// The body's `data`, an array of objects of this type.
    ///
    /// @param most how many it may hold; at least one is needed
    public static List<Sent> resources(Request request, String type, int most) {
        var sent = data(request);
        if (!sent.node.isArray()) {
            throw new Refused(new Invalid("data", "Not a valid list."));
        }
        if (sent.node.isEmpty()) {
            throw new Refused(new Invalid("data", "Shorter than minimum length 1."));
        }
        if (sent.node.size() > most) {
            throw new Refused(new Invalid("data", "Longer than maximum length %d.".formatted(most)));
        }
        var entries = sent.entries("data", type);
        if (entries.isEmpty()) {
            sent.done(); // not one is an object, so no entry can
        }
        return entries;
    }

    /// The whole body, an object without an envelope, as older calls have it.
    ///
    /// @throws Refused as [#resource] does
    public static Sent whole(Request request) {
        request.header("Content-Type").ifPresent(Sent::mustBeJson);
        var root = Json.parse(request.body());
        if (!root.isObject()) {
            throw new Refused(new Invalid(List.of(new Fault.Shape("Not a valid object.", "/"))));
        }
        return new Sent(root, new Position("", List.of()), new ArrayList<>());
    }

    /// The ids in the body's `data`, an array of references to things of this type, each once; it may be empty.
    ///
    /// @param most how many it may hold
    public static List<String> references(Request request, String type, int most) {
        var sent = data(request);
        if (!sent.node.isArray()) {
            throw new Refused(new Invalid("data", "Not a valid list."));
        }
        var ids = sent.entries("data", type).stream().map(entry -> entry.text("id")).distinct().toList();
        sent.done();
        if (ids.size() > most) {
            throw new Refused(new Invalid("data", "Longer than maximum length %d.".formatted(most)));
        }
        return ids;
    }

    private static Sent data(Request request) {
        request.header("Content-Type").ifPresent(Sent::mustBeJson);
        var root = Json.parse(request.body());
        if (!root.isObject() || !root.has("data")) {
            throw new Refused(new Invalid(List.of(new Fault.Shape("Object must include `data` key.", "/"))));
        }
        return new Sent(root.get("data"), new Position("/data", List.of()), new ArrayList<>());
    }

    private static void mustBeJson(String contentType) {
        var semicolon = contentType.indexOf(';');
        var type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("application/json") && !type.equals("application/vnd.api+json")) {
            throw new Refused(new WrongContentType());
        }
    }

    private void mustBeObject(String name) {
        if (!node.isObject()) {
            throw new Refused(new Invalid(name, "Not a valid object."));
        }
    }

    private void type(String expected) {
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

    /// A member that is an object; when it is absent or null though needed, a fault, and an empty one to go on with.
    public Sent object(String name) {
        if (!has(name)) {
            missing(name);
        } else if (node.get(name).isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid object."));
        }
        return optionalObject(name);
    }

    /// A member that is an object; absent or null reads as an empty one.
    public Sent optionalObject(String name) {
        var member = node.path(name);
        if (!member.isObject() && !member.isMissingNode() && !member.isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid object."));
        }
        return new Sent(member, at.of(node, name), faults);
    }

    /// A text that must be there.
    public String text(String name) {
        if (!has(name)) {
            missing(name);
            return "";
        }
        return textIfSent(name).orElse("");
    }

    /// A text that may be absent, but not null.
    public Optional<String> textIfSent(String name) {
        return has(name) ? read(name, node.get(name)) : Optional.empty();
    }

    /// A text that may be absent; null counts as absent.
    public Optional<String> optionalText(String name) {
        return node.path(name).isNull() ? Optional.empty() : textIfSent(name);
    }

    /// A text or null that may be absent: nothing where it is absent, an empty Optional for null.
    @SuppressWarnings("OptionalMapToOptional") // the two are different answers
    public Optional<Optional<String>> textOrNullIfSent(String name) {
        return node.path(name).isNull() ? Optional.of(Optional.empty()) : textIfSent(name).map(Optional::of);
    }

    private Optional<String> read(String name, JsonNode member) {
        if (!member.isString() || !Text.storable(member.asString())) {
            fault(at.of(node, name), new Fault.Member(name, NOT_TEXT));
            return Optional.empty();
        }
        return Optional.of(member.asString());
    }

    /// A list of texts that may be absent; null counts as absent.
    public List<String> texts(String name) {
        var member = node.path(name);
        if (member.isMissingNode() || member.isNull()) {
            return List.of();
        }
        if (!member.isArray()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid list."));
            return List.of();
        }
        var texts = new ArrayList<String>();
        member.forEach(entry -> read(name, entry).ifPresent(texts::add));
        return texts;
    }

    /// A list of texts that may be absent, but not null.
    public Optional<List<String>> textsIfSent(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (node.get(name).isNull()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid list."));
        }
        return Optional.of(texts(name));
    }

    /// A list of objects that may be absent, but not null.
    public Optional<List<Sent>> objectsIfSent(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        var list = node.get(name);
        var place = at.of(node, name);
        if (!list.isArray()) {
            fault(place, new Fault.Member(name, "Not a valid list."));
            return Optional.of(List.of());
        }
        var objects = new ArrayList<Sent>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).isObject()) {
                objects.add(new Sent(list.get(i), place.entry(i), faults));
            } else {
                fault(place.entry(i), new Fault.Member(name, "Not a valid object."));
            }
        }
        return Optional.of(objects);
    }

    /// A member that must be there, of whatever type: for what only the noun can judge.
    public Optional<JsonNode> any(String name) {
        if (!has(name)) {
            missing(name);
            return Optional.empty();
        }
        return Optional.of(node.get(name));
    }

    /// A whole number that must be there.
    ///
    /// @param least what it must reach
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

    /// A flag that must be there.
    public boolean flag(String name) {
        if (!has(name)) {
            missing(name);
        }
        return flagIfSent(name).orElse(false);
    }

    /// A list of texts or null that may be absent: nothing where it is absent, an empty Optional for null.
    @SuppressWarnings("OptionalMapToOptional") // the two are different answers
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

    /// An address that must be there, folded.
    public String email(String name) {
        if (!has(name)) {
            missing(name);
            return "";
        }
        return emailIfSent(name).orElse("");
    }

    /// An address that may be absent, but not null; folded.
    public Optional<String> emailIfSent(String name) {
        var typed = textIfSent(name);
        var folded = typed.flatMap(Email::folded);
        if (typed.isPresent() && folded.isEmpty()) {
            fault(at.of(node, name), new Fault.Member(name, "Not a valid email address."));
        }
        return folded;
    }

    /// Adds the noun's objection to a member, if it has one.
    ///
    /// @param rule what is wrong with a value; nothing if it will do
    public <T> Optional<T> checked(String name, Optional<T> value, Function<T, Optional<String>> rule) {
        value.flatMap(rule).ifPresent(reason -> fault(at.of(node, name), new Fault.Member(name, reason)));
        return value;
    }

    /// The id that a relationship must name: `relationships.user.data`.
    public String reference(String relationship, String type) {
        var data = object("relationships").object(relationship).object("data");
        if (!data.node.isObject()) {
            return "";
        }
        data.type(type);
        return data.text("id");
    }

    /// The ids that a relationship names, in order and each once. A relationship that is absent or null names none.
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
        var data = new Sent(list, holder.at.of(holder.node, "data"), faults);
        return data.entries("data", type).stream().map(entry -> entry.text("id")).distinct().toList();
    }

    /// The same, but nothing where the relationship, or its data, is absent or null.
    public Optional<List<String>> referencesIfSent(String relationship, String type) {
        var list = node.path("relationships").path(relationship).path("data");
        var named = references(relationship, type);
        return list.isMissingNode() || list.isNull() ? Optional.empty() : Optional.of(named);
    }

    private List<Sent> entries(String name, String type) {
        var entries = new ArrayList<Sent>();
        for (int i = 0; i < node.size(); i++) {
            var entry = new Sent(node.get(i), at.entry(i), faults);
            if (entry.node.isObject()) {
                entry.type(type);
                entries.add(entry);
            } else {
                fault(entry.at, new Fault.Member(name, "Not a valid object."));
            }
        }
        return entries;
    }

    private void missing(String name) {
        if (!node.isObject()) {
            return; // what should hold it is missing or wrong itself, and said so
        }
        fault(at.missing(name), new Fault.Member(name, "Missing data for required field."));
    }

    private void fault(Position place, Fault fault) {
        faults.add(new Placed(place, fault));
    }

    /// @throws Refused with all faults found so far, if any, in the order of the body
    public void done() {
        if (!faults.isEmpty()) {
            faults.sort(Comparator.comparing(Placed::at));
            throw new Refused(new Invalid(faults.stream().map(Placed::fault).distinct().toList()));
        }
    }
}
