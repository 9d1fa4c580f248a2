package roster.door.api.audit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/// Reads times as clients of the audit search send them: ISO 8601, milliseconds since 1970, or relative to now.
final class AuditTime {
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
    private static final Pattern FROM_NOW = Pattern.compile("now(?:([+-])([0-9]{1,9})(s|m|h|d|w|M|y))?");
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private AuditTime() {}

    /// @param zone of times without one
    /// @throws IllegalArgumentException if it is no such time
    static Instant parse(String text, Instant now, ZoneId zone) {
        try {
            var time = moment(text.strip(), now, zone);
            return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Instant moment(String text, Instant now, ZoneId zone) {
        if (MILLIS.matcher(text).matches()) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        var relative = FROM_NOW.matcher(text);
        if (relative.matches()) {
            return relative.group(1) == null ? now
                : relative(now, Integer.parseInt(relative.group(2)) * (relative.group(1).equals("-") ? -1 : 1),
                    relative.group(3));
        }
        var parsed = (text.indexOf('T') < 0 ? DateTimeFormatter.ISO_DATE : DateTimeFormatter.ISO_DATE_TIME)
            .parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        return switch (parsed) {
            case OffsetDateTime time -> time.toInstant();
            case LocalDateTime time -> time.atZone(zone).toInstant();
            default -> LocalDate.from(parsed).atStartOfDay(zone).toInstant();
        };
    }

    private static Instant relative(Instant now, int count, String unit) {
        return switch (unit) {
            case "s" -> now.plusSeconds(count);
            case "m" -> now.plus(Duration.ofMinutes(count));
            case "h" -> now.plus(Duration.ofHours(count));
            case "d" -> now.plus(Duration.ofDays(count));
            case "w" -> now.plus(Duration.ofDays(7L * count));
            case "M" -> now.atOffset(ZoneOffset.UTC).plus(Period.ofMonths(count)).toInstant();
            default -> now.atOffset(ZoneOffset.UTC).plus(Period.ofYears(count)).toInstant();
        };
    }
}
