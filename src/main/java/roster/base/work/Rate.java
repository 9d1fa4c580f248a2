package roster.base.work;

import java.util.Optional;

/// How many of something may happen in a period: requests, e-mails, invitations.
///
/// @param count in one period, from 1
/// @param periodSeconds length of the period
public record Rate(long count, int periodSeconds) {
    /// Reads `60000/60s`, `500/5m`, `1000/1h`; `off` reads as none.
    ///
    /// @throws IllegalArgumentException saying what is expected
    public static Optional<Rate> parse(String text) {
        if (text.equals("off")) {
            return Optional.empty();
        }
        if (!text.matches("[1-9][0-9]{0,11}/([1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|[1-9][0-9]{0,2}h)")) {
            throw new IllegalArgumentException("expected a number in a period as 60000/60s, 500/5m or 1000/1h, or off");
        }
        var slash = text.indexOf('/');
        var unit = switch (text.charAt(text.length() - 1)) {
            case 'h' -> 3600;
            case 'm' -> 60;
            default -> 1;
        };
        return Optional.of(new Rate(Long.parseLong(text.substring(0, slash)),
            unit * Integer.parseInt(text.substring(slash + 1, text.length() - 1))));
    }
}
