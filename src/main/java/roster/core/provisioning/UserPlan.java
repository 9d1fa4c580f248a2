package roster.core.provisioning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.scim.Attributes;
import roster.core.user.Users.Edit;
import roster.model.Email;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.Text;
import roster.model.User;

/// What a request comes to: what of the user changes by the rules of users, and what is said besides.
///
/// @param name that the user gets; empty text for none
/// @param roles that the user is to have; empty if they stay
/// @param ignored roles that were sent and are none, and why they do not count, for the audit trail
record UserPlan(Said said, Optional<String> name, String email, Optional<String> title, boolean active,
    Optional<List<Membership>> roles, Ignored ignored) {

    /// Roles that do not count.
    ///
    /// @param unknown texts that mean no role
    /// @param stale whether what was sent is older than what it is to replace
    record Ignored(Set<String> unknown, boolean stale) {
        static final Ignored NOTHING = new Ignored(Set.of(), false);

        boolean isNothing() {
            return unknown.isEmpty() && !stale;
        }
    }

    /// Attributes that have columns of their own, or are not to be kept.
    private static final String[] ELSEWHERE = {"schemas", "id", "meta", ProvisionedUser.USER_NAME,
        ProvisionedUser.EXTERNAL_ID, PersonEmails.EMAILS, ProvisionedUser.TITLE, ProvisionedUser.ACTIVE,
        ProvisionedUser.ROLES, ProvisionedUser.GROUPS};

    /// What a new person is to be.
    ///
    /// @throws Refused with `invalidValue` for a name or address that no person can have
    static UserPlan created(Attributes sent, Optional<List<Membership>> roles, Ignored ignored) {
        var userName = userName(sent);
        var names = PersonNames.of(sent);
        var emails = sent.elements(PersonEmails.EMAILS).isEmpty()
            ? new PersonEmails(Optional.of(userName).filter(name -> Email.folded(name).isPresent()), List.of())
            : PersonEmails.chosen(sent);
        var address = emails.sent().orElseThrow(() -> new Refused(new BadScim(ScimType.INVALID_VALUE,
            "emails: is required, as userName is no email address")));
        return new UserPlan(
            new Said(Optional.of(userName), externalId(sent), emails.sent(), kept(sent, names, emails.others())),
            PersonNames.whole(names), PersonEmails.folded(address), title(sent),
            sent.flag(ProvisionedUser.ACTIVE).orElse(true),
            roles, ignored);
    }

    /// What becomes of a person.
    ///
    /// @param sent all that is to be shown of them afterwards
    /// @param isNamed whether a client gave the `userName`, though it may be the one that is shown already
    /// @throws Refused as [#created] does
    static UserPlan changed(ProvisionedUser before, Attributes sent, boolean isNamed, Optional<List<Membership>> roles,
        Ignored ignored) {
        var said = before.said();
        var user = before.user();
        var userName = userName(sent);
        var names = PersonNames.changed(PersonNames.of(said.attributes()), user, PersonNames.of(sent));
        var given = isNamed || said.userName().isPresent() || !userName.equals(before.userName())
            ? Optional.of(userName) : Optional.<String>empty();
        var isSameEmails = sent.elements(PersonEmails.EMAILS).isEmpty()
            || sent.elements(PersonEmails.EMAILS).equals(before.attributes().elements(PersonEmails.EMAILS));
        var follows = isSameEmails && said.isAddressOfName() && !said.userName().equals(given)
            && Email.folded(userName).isPresent();
        var emails = follows ? new PersonEmails(given, List.of())
            : isSameEmails ? new PersonEmails(said.emailSent(), elements(said.attributes()))
            : PersonEmails.chosen(sent);
        var email = isSameEmails && !follows ? user.email() : emails.sent().map(text -> address(user, text))
            .orElseThrow(() -> new Refused(new BadScim(ScimType.INVALID_VALUE, "emails: an address is missing")));
        return new UserPlan(new Said(given, externalId(sent), emails.sent(), kept(sent, names.kept(), emails.others())),
            names.name().or(user::name), email, title(sent), sent.flag(ProvisionedUser.ACTIVE).orElse(!user.disabled()),
            roles.filter(wish -> !wish.equals(before.roles())), ignored);
    }

    /// Users keep addresses that were taken once, and would not be now.
    private static String address(User user, String sent) {
        return Email.known(sent).filter(user.email()::equals).orElseGet(() -> PersonEmails.folded(sent));
    }

    private static List<Map<String, Object>> elements(Attributes kept) {
        return kept.elements(PersonEmails.EMAILS).stream().map(Attributes::values).toList();
    }

    private static String userName(Attributes sent) {
        return sent.text(ProvisionedUser.USER_NAME).filter(text -> !text.isBlank()).orElseThrow(
            () -> new Refused(new BadScim(ScimType.INVALID_VALUE, "userName: is required")));
    }

    private static Optional<String> externalId(Attributes sent) {
        return sent.text(ProvisionedUser.EXTERNAL_ID).filter(text -> !text.isEmpty());
    }

    private static Optional<String> title(Attributes sent) {
        return sent.text(ProvisionedUser.TITLE).filter(text -> !text.isEmpty()).map(Text::clean);
    }

    private static Attributes kept(Attributes sent, Attributes names, List<Map<String, Object>> emails) {
        var rest = PersonNames.without(sent.without(ELSEWHERE)).with(PersonEmails.EMAILS, emails);
        var enterprise = rest.parts(ProvisionedUser.ENTERPRISE);
        var manager = enterprise.parts(ProvisionedUser.MANAGER).without("$ref", "displayName");
        for (var name : names.values().entrySet()) {
            rest = rest.with(name.getKey(), name.getValue());
        }
        return rest.with(ProvisionedUser.ENTERPRISE,
            enterprise.with(ProvisionedUser.MANAGER, manager.values()).values());
    }

    /// Whether it changes nothing, and leaves nothing to tell.
    boolean isNothing(ProvisionedUser before) {
        return said.equals(before.said()) && edit(before.user()).isEmpty() && roles.isEmpty() && ignored.isNothing();
    }

    /// What changes by the rules of users.
    Optional<Edit> edit(User before) {
        var edit = new Edit(name.filter(text -> !text.equals(before.name().orElse(""))),
            Optional.of(email).filter(text -> !text.equals(before.email())),
            title.equals(before.title().filter(text -> !text.isEmpty())) ? Optional.empty() : Optional.of(title),
            Optional.of(!active).filter(disabled -> disabled != before.disabled()));
        return edit.equals(new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()))
            ? Optional.empty() : Optional.of(edit);
    }

    /// The same, in which the roles that were sent are too old to count.
    UserPlan withStaleRoles() {
        return new UserPlan(said, name, email, title, active, Optional.empty(), new Ignored(ignored.unknown(), true));
    }

    /// The same for a person who is had back: active or not, and with the roles they have unless there are others.
    UserPlan restoring(boolean isActive) {
        return new UserPlan(said, name, email, title, isActive, roles.filter(some -> !some.isEmpty()), ignored);
    }
}
