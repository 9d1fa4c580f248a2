package roster.core.event;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import roster.model.Org;

/// The id of an event, and the place in the feed behind it: one text for both, which consumers may keep for years. It tells
/// nothing personal, and is not sealed, as it would end with a secret that is replaced.
///
/// @param version,entry the place of the audit entry that the event is
/// @param stamp random number of the write: an entry of another history at this place has another one
public record EventId(Org.Id org, long version, int entry, long stamp) {
    private static final String PREFIX = "evt_";
    private static final int BYTES = 2 * Long.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{48}");

    /// @return none if the text is not of the form
    public static Optional<EventId> parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
        return Optional.of(new EventId(new Org.Id(new UUID(bytes.getLong(), bytes.getLong())), bytes.getLong(),
            bytes.getInt(), bytes.getLong()));
    }

    /// Of the text form: no dot in it, as the scheme by which webhooks are signed separates by dots.
    @Override
    public String toString() {
        var bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(org.value().getMostSignificantBits()).putLong(org.value().getLeastSignificantBits())
            .putLong(version).putInt(entry).putLong(stamp);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /// Orders events as text: a later one has a greater one.
    public String sequence() {
        return "%019d.%010d".formatted(version, entry);
    }

    /// Whether this is behind another place of the same organisation.
    public boolean isBehind(EventId other) {
        return version == other.version ? entry > other.entry : version > other.version;
    }
}
