package roster.core.provisioning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.scim.Attributes;
import roster.model.Text;
import roster.model.User;

/// What SCIM clients said of a user, beside what Roster knows itself.
///
/// @param userName as sent; none where no client gave one, and the e-mail stands for it
/// @param externalId as sent
/// @param emailSent the address as sent, which is shown while it folds to the user's
/// @param attributes all else. Of `emails`, the element that is the user's address has no `value`; without any `emails`, the
///     address came from the `userName` if there is an `emailSent`
record Said(Optional<String> userName, Optional<String> externalId, Optional<String> emailSent, Attributes attributes) {
    static final Said NOTHING = new Said(Optional.empty(), Optional.empty(), Optional.empty(), Attributes.NONE);

    /// Whether the address follows the `userName`.
    boolean isAddressOfName() {
        return emailSent.isPresent() && attributes.elements(PersonEmails.EMAILS).isEmpty();
    }

    /// The addresses besides the user's, folded, each once.
    List<String> otherAddresses() {
        return attributes.elements(PersonEmails.EMAILS).stream().flatMap(one -> one.text("value").stream())
            .map(Text::folded).distinct().toList();
    }

    /// The same with another manager.
    Said managedBy(User.Id manager) {
        var enterprise = attributes.parts(ProvisionedUser.ENTERPRISE).with(ProvisionedUser.MANAGER,
            Map.of("value", manager.toString()));
        return new Said(userName, externalId, emailSent, attributes.with(ProvisionedUser.ENTERPRISE,
            enterprise.values()));
    }

    /// All of it, for audit entries.
    Map<String, Object> facts() {
        var all = new LinkedHashMap<String, Object>();
        userName.ifPresent(text -> all.put("userName", text));
        externalId.ifPresent(text -> all.put("externalId", text));
        emailSent.ifPresent(text -> all.put("email", text));
        all.putAll(attributes.values());
        return all;
    }
}
