package roster.core.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import roster.base.json.Json;
import roster.base.scim.Attributes;
import roster.model.Email;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.User;

/// Which of a person's addresses is the one that Roster knows.
///
/// @param sent that one as sent
/// @param others all elements of `emails`; the one with it has no `value`
record PersonEmails(Optional<String> sent, List<Map<String, Object>> others) {
    static final String EMAILS = "emails";

    private static final String VALUE = "value";
    private static final String TYPE = "type";
    private static final String WORK = "work";
    private static final String PRIMARY = "primary";

    /// Of a user, as they are shown.
    static List<Map<String, Object>> shown(Said said, User user) {
        var address = said.emailSent().filter(sent -> Email.known(sent).filter(user.email()::equals).isPresent())
            .orElse(user.email());
        var kept = said.attributes().elements(EMAILS);
        return kept.isEmpty() ? List.of(Json.members(VALUE, address, TYPE, WORK, PRIMARY, true))
            : kept.stream().map(one -> one.has(VALUE) ? one.values() : filled(one, address)).toList();
    }

    private static Map<String, Object> filled(Attributes element, String address) {
        var all = Json.members(VALUE, address);
        all.putAll(element.values());
        return all;
    }

    /// Those of a resource, of which there are some: the one that is primary, else the first for work, else the first.
    static PersonEmails chosen(Attributes resource) {
        var all = resource.elements(EMAILS);
        var chosen = first(all, one -> one.flag(PRIMARY).orElse(false))
            .or(() -> first(all, one -> one.text(TYPE).filter(WORK::equalsIgnoreCase).isPresent())).orElse(0);
        var others = new ArrayList<Map<String, Object>>(all.stream().map(Attributes::values).toList());
        others.set(chosen, all.get(chosen).without(VALUE).values());
        return new PersonEmails(all.get(chosen).text(VALUE), List.copyOf(others));
    }

    private static Optional<Integer> first(List<Attributes> all, Predicate<Attributes> which) {
        return IntStream.range(0, all.size()).filter(i -> which.test(all.get(i))).boxed().findFirst();
    }

    /// The address, folded.
    ///
    /// @throws Refused with `invalidValue` if it is none that a person can have
    static String folded(String sent) {
        return Email.folded(sent).filter(address -> !Email.isAnonymous(address))
            .orElseThrow(() -> new Refused(new BadScim(ScimType.INVALID_VALUE, "emails: not a valid email address")));
    }
}
