package roster.core.index;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import roster.model.Text;
import roster.model.User;

/// A position in a sorted list: that of a user at some moment, who may have moved or left the list since.
///
/// @param key what the list is sorted by, as bytes that compare, unsigned, in the same order; empty if that is the e-mail
/// @param email folded, in UTF-8; in lists of others than users, what equal keys are sorted by
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
            case LAST_SIGN_IN -> UserCodec.sortable(user.lastLoginAt().map(UserCodec::micros).orElse(UserCodec.NEVER));
        }, email, user.id().value());
    }

    /// The key of a time, to the microsecond.
    public static byte[] ofTime(Instant time) {
        return UserCodec.sortable(UserCodec.micros(time));
    }

    /// The key of a text, folded.
    public static byte[] ofText(String text) {
        return UserCodec.utf8(Text.folded(text));
    }

    /// The key of a list that is sorted by text.
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /// The key of a list that is sorted by time, to the microsecond.
    public Instant keyTime() {
        return UserCodec.instant(keyMicros());
    }

    /// The key of a list that is sorted by time, in microseconds since 1970; [Long#MIN_VALUE] is before any time.
    public long keyMicros() {
        return UserCodec.sorted(key);
    }

    public String emailText() {
        return new String(email, StandardCharsets.UTF_8);
    }
}
