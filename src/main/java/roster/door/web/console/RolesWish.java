package roster.door.web.console;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.core.role.RoleNumbers;
import roster.model.Id;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Which roles to give a person and to take from them, on its way through pages, addresses and forms.
record RolesWish(Set<Role.Id> give, Set<Role.Id> take) {
    static final String GIVE = "give";
    static final String TAKE = "take";

    /// As many roles are named by their ids where there is little room. An address that every proxy passes on would hold a hundred,
    /// the cookie of a notice as many as these.
    private static final int NAMED_MAX = 25;

    private static final List<String> ORDER = List.of(GIVE, TAKE, Meanwhile.STAMP);

    static final RolesWish NOTHING = new RolesWish(Set.of(), Set.of());

    /// What an address or a form asks for.
    ///
    /// @param sent by field; empty: it does not have it
    /// @return none if roles that it counts are not the same any more
    /// @throws Refused with [BadParameter]
    static Optional<RolesWish> read(Visit visit, UnaryOperator<String> sent) {
        var give = roles(visit, GIVE, sent.apply(GIVE));
        var take = roles(visit, TAKE, sent.apply(TAKE));
        return give.flatMap(given -> take.map(taken -> new RolesWish(given, taken)));
    }

    private static Optional<Set<Role.Id>> roles(Visit visit, String field, String sent) {
        if (RoleNumbers.isText(sent)) {
            return visit.read(tx -> RoleNumbers.read(tx, visit.caller().org(), sent));
        }
        var named = Visit.several(sent);
        var ids = ids(named.stream());
        if (named.stream().anyMatch(one -> Id.parse(one).isEmpty())) {
            throw new Refused(new BadParameter(field));
        }
        return Optional.of(ids);
    }

    /// Ids as they were sent; what is none is left out.
    static Set<Role.Id> ids(Stream<String> sent) {
        return sent.flatMap(text -> Id.parse(text).stream()).map(Role.Id::new)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    static Set<Role.Id> without(Collection<Role.Id> all, Collection<Role.Id> some) {
        var left = new LinkedHashSet<>(all);
        left.removeAll(Set.copyOf(some));
        return left;
    }

    /// What boxes ask for.
    ///
    /// @param before the roles that the boxes were made from
    static RolesWish ticked(Collection<Role.Id> ticked, Collection<Role.Id> before) {
        return new RolesWish(without(ticked, before), without(before, ticked));
    }

    boolean isNothing() {
        return give.isEmpty() && take.isEmpty();
    }

    int size() {
        return give.size() + take.size();
    }

    /// That which takes it back.
    RolesWish back() {
        return new RolesWish(take, give);
    }

    /// The roles afterwards.
    Set<Role.Id> of(Collection<Role.Id> before) {
        var after = without(before, take);
        after.addAll(give);
        return after;
    }

    /// In a form.
    Map<String, String> fields(String stamp) {
        return fields(stamp, ids -> ids.stream().map(Role.Id::toString).collect(Collectors.joining(",")));
    }

    /// In an address or a cookie: short, however many roles there are.
    Map<String, String> shortFields(Tx tx, User user, String stamp) {
        return size() <= NAMED_MAX ? fields(stamp)
            : fields(stamp, ids -> ids.isEmpty() ? "" : RoleNumbers.text(tx, user.org(), ids));
    }

    private Map<String, String> fields(String stamp, Function<Set<Role.Id>, String> written) {
        var fields = new LinkedHashMap<String, String>();
        fields.put(Meanwhile.STAMP, stamp);
        fields.put(GIVE, written.apply(give));
        fields.put(TAKE, written.apply(take));
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    /// An address that asks for it, without the path of the public URL.
    String address(Tx tx, String template, User user, String stamp) {
        return new ListAddress(template.replace("{id}", user.id().toString()), ORDER, shortFields(tx, user, stamp))
            .text();
    }
}
