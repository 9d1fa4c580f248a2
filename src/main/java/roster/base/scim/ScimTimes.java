package roster.base.scim;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.base.json.Times;

/// Times as SCIM writes them: `2026-11-29T09:00:00.123Z`, in UTC, milliseconds, truncated.
public final class ScimTimes {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// An `xsd:dateTime`, which may have any number of digits after the second, and no zone.
    private static final Pattern TYPED =
        Pattern.compile("(.{1,30}T\\d\\d:\\d\\d:\\d\\d)(\\.\\d{1,9})?\\d*(Z|[+-]\\d\\d:\\d\\d)?",
            Pattern.CASE_INSENSITIVE);

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private ScimTimes() {}

    public static String text(Instant time) {
        return TIME.format(truncated(time));
    }

    /// The time that is shown, which is also the one that filters compare with.
    public static Instant truncated(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /// Whether [#text] has four digits for the year, as all times that are shown do: such texts are in the order of the times.
    public static boolean isUsual(Instant time) {
        return !time.isBefore(FIRST) && time.isBefore(END);
    }

    /// A time with any offset and fraction. Without an offset it is UTC; beyond nanoseconds it is truncated.
    public static Optional<Instant> parse(String text) {
        var parts = TYPED.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var fraction = parts.group(2) == null ? "" : parts.group(2);
        return Times.parse(parts.group(1) + fraction + (parts.group(3) == null ? "Z" : parts.group(3)));
    }
}
