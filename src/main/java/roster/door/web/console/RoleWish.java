package roster.door.web.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import roster.core.permission.Catalogue;
import roster.core.role.RoleDraft;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;

/// A draft of a role on its way through the pages, in their addresses: so it is still there after one has signed in again.
///
/// @param was the name when a new one was typed; empty if none was
/// @param from the role that a new one starts from; empty: from what every role has
/// @param tag of the role that is changed or started from, as the draft was made; empty: as it is now
record RoleWish(RoleDraft draft, String was, String from, String tag) {
    private static final List<String> ORDER = List.of("name", "was", "from", "add", "drop", "tag");

    /// @throws Refused with [BadParameter]
    static RoleWish of(Visit visit, Catalogue catalogue) {
        var address = ListAddress.of("", ORDER, visit.request().query());
        return read(catalogue, name -> address.value(name).orElse(""));
    }

    /// @param sent by name; empty: it was not sent
    /// @throws Refused with [BadParameter]
    static RoleWish read(Catalogue catalogue, UnaryOperator<String> sent) {
        var from = sent.apply("from");
        if (!from.isEmpty() && Id.parse(from).isEmpty()) {
            throw new Refused(new BadParameter("from"));
        }
        return new RoleWish(new RoleDraft(Optional.of(sent.apply("name")).filter(name -> !name.isEmpty()),
            RoleDraft.read(catalogue, "add", sent.apply("add")), RoleDraft.read(catalogue, "drop", sent.apply("drop"))),
            sent.apply("was"), from, sent.apply("tag"));
    }

    static RoleWish of(RoleDraft draft) {
        return new RoleWish(draft, "", "", "");
    }

    RoleWish tagged(String other) {
        return new RoleWish(draft, was, from, other);
    }

    Optional<Role.Id> source() {
        return Id.parse(from).map(Role.Id::new);
    }

    /// As fields of a form.
    Map<String, String> fields(Catalogue catalogue) {
        var fields = new LinkedHashMap<String, String>();
        draft.name().ifPresent(name -> fields.put("name", name));
        fields.put("was", was);
        fields.put("from", from);
        fields.put("add", RoleDraft.words(catalogue, draft.add()));
        fields.put("drop", RoleDraft.words(catalogue, draft.drop()));
        fields.put("tag", tag);
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    /// As the query of an address, from the question mark on; empty if there is nothing to say.
    String query(Catalogue catalogue) {
        return new ListAddress("", ORDER, fields(catalogue)).text();
    }
}
