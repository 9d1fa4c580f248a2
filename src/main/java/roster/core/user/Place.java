package roster.core.user;

import java.util.UUID;
import roster.model.Text;
import roster.model.User;

/// Where somebody stands in an order, or stood: he may have moved or gone since.
///
/// @param key what the order sorts by, as bytes that compare as it does; none where that is the e-mail address
/// @param email folded, in UTF-8
record Place(byte[] key, byte[] email, UUID id) {
    static Place of(UserQuery.Sort sort, User user) {
        var email = Packed.utf8(Text.folded(user.email()));
        return new Place(switch (sort) {
            case NAME -> user.name().map(Text::folded).filter(name -> !name.isEmpty()).map(Packed::utf8).orElse(email);
            case EMAIL -> new byte[0];
            case HANDLE -> Packed.utf8(user.handle());
            case STATUS -> Packed.utf8(user.status().text());
            case TITLE -> Packed.utf8(Text.folded(user.title().orElse("")));
            case CREATED_AT -> Packed.sortable(Packed.micros(user.createdAt()));
            case MODIFIED_AT -> Packed.sortable(Packed.micros(user.modifiedAt()));
        }, email, user.id().value());
    }
}
