package roster.core.provisioning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.base.scim.Filter.Nothing;
import roster.base.scim.Operand.Written;
import roster.base.scim.ResourceType;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import roster.model.Text;
import roster.model.User;

/// What an index finds people by.
///
/// @param typed as a filter has it
/// @param texts the forms in which [PeopleNames] may have it; none if that does not know such keys
record PersonKey(Kind kind, String typed, List<String> texts) {
    enum Kind {
        ID, USER_NAME, EXTERNAL_ID,

        /// Any of theirs.
        ADDRESS,

        /// Finds no one.
        NONE
    }

    private static final PersonKey NONE = new PersonKey(Kind.NONE, "");

    private PersonKey(Kind kind, String typed) {
        this(kind, typed, switch (kind) {
            case USER_NAME, ADDRESS -> addresses(typed);
            case EXTERNAL_ID -> List.of(typed);
            case ID, NONE -> List.of();
        });
    }

    /// The first key that all who match a filter must have, if it names one.
    static Optional<PersonKey> of(Filter filter) {
        return filter.conjuncts().stream().flatMap(part -> ofPart(part).stream()).findFirst();
    }

    private static Optional<PersonKey> ofPart(Filter part) {
        return switch (part) {
            case Nothing() -> Optional.of(NONE);
            case Compare compare when compare.operand() instanceof Written(var typed, _, _) ->
                compare.isEqual("meta.resourceType") && !typed.equals(ResourceType.USER.name()) ? Optional.of(NONE)
                    : kind(compare).map(kind -> new PersonKey(kind, typed));
            case Element element when element.name().is(PersonEmails.EMAILS) ->
                element.filter().conjuncts().stream().flatMap(inner -> address(inner).stream()).findFirst();
            default -> Optional.empty();
        };
    }

    private static Optional<Kind> kind(Compare compare) {
        return Stream.of(Kind.ID, Kind.USER_NAME, Kind.EXTERNAL_ID, Kind.ADDRESS)
            .filter(kind -> compare.isEqual(attribute(kind))).findFirst();
    }

    private static String attribute(Kind kind) {
        return switch (kind) {
            case ID -> "id";
            case USER_NAME -> ProvisionedUser.USER_NAME;
            case EXTERNAL_ID -> ProvisionedUser.EXTERNAL_ID;
            case ADDRESS -> PersonEmails.EMAILS + ".value";
            case NONE -> "";
        };
    }

    private static Optional<PersonKey> address(Filter ofElement) {
        return ofElement instanceof Compare compare && compare.isEqual("value")
            && compare.operand() instanceof Written(var typed, _, _) ? Optional.of(new PersonKey(Kind.ADDRESS, typed))
                : Optional.empty();
    }

    /// Those who have it, and whom SCIM shows.
    List<ProvisionedUser> find(Tx tx, Org.Id org, ProvisionedUserRows rows) {
        return switch (kind) {
            case ID -> Id.parse(typed).flatMap(id -> rows.find(tx, org, new User.Id(id))).stream().toList();
            case USER_NAME -> rows.withUserName(tx, org, typed);
            case EXTERNAL_ID -> rows.withExternalId(tx, org, typed);
            case ADDRESS -> rows.withAddress(tx, org, typed);
            case NONE -> List.of();
        };
    }

    /// Whether [#find] finds a person whom SCIM shows.
    boolean isOf(ProvisionedUser person) {
        return switch (kind) {
            case ID -> Id.parse(typed).filter(person.id().value()::equals).isPresent();
            case USER_NAME -> person.said().userName()
                .map(name -> Text.folded(name).equals(texts.getFirst()))
                .orElseGet(() -> hasAddress(person));
            case EXTERNAL_ID -> person.said().externalId().filter(typed::equals).isPresent();
            case ADDRESS -> hasAddress(person) || person.said().otherAddresses().stream().anyMatch(texts::contains);
            case NONE -> false;
        };
    }

    /// Whether it is the address that Roster knows a person by.
    private boolean hasAddress(ProvisionedUser person) {
        return texts.contains(person.user().email());
    }

    /// In which forms users may have an address: first, folded as any text.
    static List<String> addresses(String typed) {
        var folded = Text.folded(typed);
        return Email.known(typed).filter(address -> !address.equals(folded)).map(address -> List.of(folded, address))
            .orElse(List.of(folded));
    }
}
