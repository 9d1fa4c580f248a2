package roster.core.index;

import java.util.UUID;
import roster.model.Text;
import roster.model.User;

/// Where somebody stands in an order, or stood: he may have moved or gone since.
///
/// @param key what the order sorts by, as bytes that compare as it does; none where that is the e-mail address
/// @param email folded, in UTF-8
public record SortPosition(byte[] key, byte[] email, UUID id) {
    public static SortPosition of(UserQuery.Sort sort, User user) {
        var email = UserCodec.utf8(Text.folded(user.email()));
        return new SortPosition(switch (sort) {
            case NAME ->
                user.name().map(Text::folded).filter(name -> !name.isEmpty()).map(UserCodec::utf8).orElse(email);
            case EMAIL -> new byte[0];
            case HANDLE -> UserCodec.utf8(user.handle());
            case STATUS -> UserCodec.utf8(user.status().text());
            case TITLE -> UserCodec.utf8(Text.folded(user.title().orElse("")));
            case CREATED_AT -> UserCodec.sortable(UserCodec.micros(user.createdAt()));
            case MODIFIED_AT -> UserCodec.sortable(UserCodec.micros(user.modifiedAt()));
        }, email, user.id().value());
    }
}
