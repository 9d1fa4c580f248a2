package roster.base.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.scim.AttributePath.Target;
import roster.base.scim.Operation.Add;
import roster.base.scim.Operation.Remove;
import roster.base.scim.Operation.RemoveThese;
import roster.base.scim.Operation.Replace;
import roster.base.scim.Values.Read;
import roster.base.scim.Values.Skipped;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;

/// Takes a patch, or the body of a resource, apart into operations of one form.
///
/// A body is a patch that adds its members to nothing, but for what it leaves empty: it is noted, and no operation.
final class OperationReader {
    enum Kind {
        ADD, REPLACE, REMOVE
    }

    /// How many names of members that were not read are kept.
    private static final int SKIPPED_MAX = 100;

    private static final String VALUE = "value";

    private final ResourceType type;
    private final boolean isBody;
    private final Values values = new Values(this::skip);
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private boolean known;

    OperationReader(ResourceType type, boolean isBody) {
        this.type = type;
        this.isBody = isBody;
    }

    List<Operation> operations() {
        return operations;
    }

    /// How attributes stand in a body, by the text of their names.
    Map<String, Sent> sent() {
        return sent;
    }

    List<String> skipped() {
        return skipped.stream().map(Skipped::name).distinct().toList();
    }

    private void skip(Skipped one) {
        if (skipped.size() < SKIPPED_MAX) {
            skipped.add(one);
        }
    }

    /// @throws Refused if there is nothing in all that was read but what is unknown or read-only
    void mustKnowSomething() {
        if (known || skipped.isEmpty()) {
            return;
        }
        var unknown = skipped.stream().filter(one -> !one.readOnly()).findFirst();
        throw unknown.map(one -> Bad.request(ScimType.INVALID_PATH, Names.unknown(type, one.name())))
            .orElseGet(() -> Bad.request(ScimType.MUTABILITY, Bad.shown(skipped.getFirst().name()) + " is read-only"));
    }

    /// An operation on what a path leads to.
    ///
    /// @param value the missing node, if it was not sent
    void at(Kind kind, String path, JsonNode value) {
        run(kind, AttributePath.parse(type, path), value);
    }

    /// An operation on each member of an object, whose names are paths.
    ///
    /// @param before what comes before each name to make it a path
    void each(Kind kind, String before, JsonNode object) {
        Values.members(object).values()
            .forEach(member -> run(kind, target(before + member.getKey()), member.getValue()));
    }

    private Target target(String path) {
        try {
            return AttributePath.parse(type, path);
        } catch (Refused e) {
            return new Target.Unknown(path); // the name of a member need not be a path
        }
    }

    private void run(Kind kind, Target target, JsonNode value) {
        switch (target) {
            case Target.NotKept _ -> known = true;
            case Target.Unknown(var typed) -> skip(new Skipped(typed, false));
            case Target.Whole(var extension) -> whole(kind, extension, value);
            case Target.Known(var path) when path.readOnly() -> skip(new Skipped(path.name().text(), true));
            case Target.Known(var path) -> change(kind, path, value);
        }
    }

    private void whole(Kind kind, Optional<Schema> extension, JsonNode value) {
        var urn = extension.orElse(type.schema()).id();
        if (kind == Kind.REMOVE || kind == Kind.REPLACE && value.isNull()) {
            if (extension.isEmpty()) {
                throw Bad.request(ScimType.NO_TARGET, "A resource itself is not removed by a patch");
            }
            known = true;
            extension.get().attributes().forEach(attribute -> operations
                .add(new Remove(
                    new AttributePath(new AttributeName(extension, attribute, Optional.empty()), Optional.empty()))));
            return;
        }
        mustBeSent(urn, value);
        if (value.isObject()) {
            known |= value.isEmpty();
            each(kind, urn + ":", value);
        } else if (value.isNull()) {
            known = true;
        } else {
            throw Bad.syntax(urn, "not an object");
        }
    }

    private static void mustBeSent(String name, JsonNode value) {
        if (value.isMissingNode()) {
            throw Bad.value(name, "the value is missing");
        }
    }

    private void change(Kind kind, AttributePath path, JsonNode value) {
        var name = path.name();
        if (kind == Kind.REMOVE) {
            known = true;
            remove(path, value);
            return;
        }
        mustBeSent(name.text(), value);
        if (isMadeOfParts(name.leaf())) {
            var object = value.isArray() && value.size() == 1 ? value.get(0) : value;
            if (object.isObject()) {
                known |= object.isEmpty();
                note(name, object.isEmpty() ? Sent.EMPTY : Sent.VALUE);
                each(kind, name.text() + ".", object);
                return;
            }
        }
        if (path.filter().isPresent() && name.sub().isEmpty() && !value.isNull()) {
            known = true;
            chosen(kind, path, value);
            return;
        }
        var read = read(name, value);
        note(name, read.sent());
        if (read.sent() == Sent.VALUE) {
            set(kind, path, read);
        } else {
            known = true;
            clear(kind, path, read.sent());
        }
    }

    /// Whether it is a complex attribute that is changed part by part, as `name`.
    private static boolean isMadeOfParts(Attribute attribute) {
        return attribute.isComplex() && !attribute.multiValued() && attribute.sub(VALUE).isEmpty();
    }

    /// What stands for a person or thing, such as the manager, and is empty text, stands for none.
    private Read read(AttributeName name, JsonNode value) {
        var read = values.read(name.leaf(), name.text(), value);
        return isOne(name) && "".equals(read.value()) && read.sent() == Sent.VALUE ? Read.EMPTY : read;
    }

    /// Whether it is a complex attribute that is changed as a whole, as the manager, or the value that stands for it.
    private static boolean isOne(AttributeName name) {
        var attribute = name.attribute();
        return attribute.isComplex() && !attribute.multiValued() && attribute.sub(VALUE).isPresent()
            && name.sub().map(Attribute::name).orElse(VALUE).equals(VALUE);
    }

    private void note(AttributeName name, Sent how) {
        if (name.sub().isEmpty()) {
            sent.put(name.text(), how);
        } else {
            sent.merge(name.whole().text(), how, (one, other) -> one == Sent.VALUE ? one : other);
        }
    }

    private void chosen(Kind kind, AttributePath path, JsonNode value) {
        var attribute = path.name().attribute();
        note(path.name(), Sent.VALUE);
        if (attribute.name().equals("members")) {
            members(kind, path, value);
            return;
        }
        var parts = values.chosen(attribute, path.name().text(), value);
        var elements = List.of(Elements.frozen(parts));
        operations.add(kind == Kind.ADD ? new Add(path, elements) : new Replace(path, elements));
    }

    /// Members are not read to be changed, so those that go are named by their ids.
    private void members(Kind kind, AttributePath path, JsonNode value) {
        var whole = new AttributePath(path.name(), Optional.empty());
        var gone = SetChange.values(path.filter().orElseThrow()).orElseThrow(
            () -> Bad.request(ScimType.INVALID_PATH, "Members are chosen by their value"));
        var come = values.read(path.name().attribute(), path.name().text(), value);
        if (kind == Kind.REPLACE) {
            operations
                .add(new RemoveThese(whole, gone.stream().map(id -> Map.<String, Object>of(VALUE, id)).toList()));
        }
        if (come.sent() == Sent.VALUE) {
            operations.add(new Add(whole, come.elements()));
        }
    }

    private void set(Kind kind, AttributePath path, Read read) {
        var name = path.name();
        if (read.value() instanceof Map<?, ?> parts && parts.isEmpty()) {
            return; // it had members that are not read, and no other
        }
        known = true;
        if (read.value() instanceof List<?> elements && elements.isEmpty()) {
            if (kind == Kind.REPLACE && !name.is("roles") && !name.is("members")) { // who has what is not lost by accident
                clear(kind, path, Sent.EMPTY);
            }
            return;
        }
        if (name.attribute().required() && read.value() instanceof String text && name.sub().isEmpty()
            && text.isBlank()) {
            throw Bad.value(name.text(), "must not be blank");
        }
        operations.add(kind == Kind.ADD && name.attribute().multiValued() ? new Add(path, read.value())
            : new Replace(path, read.value()));
    }

    private void clear(Kind kind, AttributePath path, Sent how) {
        var name = path.name();
        if (isBody || kind == Kind.ADD && !(how == Sent.EMPTY && isOne(name))) {
            return;
        }
        if (name.is("members") && path.filter().isEmpty()) {
            if (how == Sent.NULL) {
                throw Bad.value(name.text(), "null: to remove all, send an empty list");
            }
            operations.add(new Replace(path, List.of()));
            return;
        }
        remove(path, path.filter().isEmpty() ? NullNode.getInstance() : MissingNode.getInstance());
    }

    private void remove(AttributePath path, JsonNode value) {
        var name = path.name();
        if (path.filter().isEmpty() && name.sub().isEmpty()) {
            if (name.attribute().multiValued() && !value.isNull() && !value.isMissingNode()) {
                var read = values.read(name.attribute(), name.text(), value);
                if (read.sent() == Sent.VALUE && !read.elements().isEmpty()) {
                    operations.add(new RemoveThese(path, read.elements()));
                }
                return;
            }
            if (name.attribute().required() || name.is("active")) {
                throw Bad.value(name.text(), "cannot be removed");
            }
        }
        operations.add(new Remove(path));
    }
}
