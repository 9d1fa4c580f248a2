package roster.core.access;

import java.time.Duration;
import roster.base.settings.Setting;
import roster.base.settings.Settings;

/// When sessions end by themselves: some time after they began, and some time after they were last used. Ends are
/// computed at each use, so that a changed setting applies to running sessions at once.
public final class SessionTimes {
    private static final Duration SHORTEST = Duration.ofMinutes(5);

    /// No session lasts longer, whatever is set.
    public static final Duration LONGEST = Duration.ofDays(30);

    public static final Setting<Duration> IDLE = Setting.of("ROSTER_SESSION_IDLE",
        "A session in a browser ends when it was not used for this long: `5m` to `24h`. An organisation may set its own",
        text -> duration(text, Duration.ofHours(24), "24h")).standard("1h");

    public static final Setting<Duration> MAX = Setting.of("ROSTER_SESSION_MAX",
        "The longest that a session in a browser lasts: `5m` to `30d`. An organisation may set its own",
        text -> duration(text, LONGEST, "30d")).standard("24h");

    /// Joins the ends of sessions `s`: `ends.at` and `ends.idle`. Its values: [#values].
    public static final String ENDS = """
        CROSS JOIN LATERAL (
              SELECT least(s.ends_at, s.created_at + interval '1 second' * least(2592000, COALESCE(NULLIF(
                           max((c.value #>> '{}')::bigint) FILTER (WHERE c.name = 'max_session_duration'), 0), ?))) AS at,
                     interval '1 second' * COALESCE(NULLIF(
                           max((c.value #>> '{}')::bigint) FILTER (WHERE c.name = 'roster_session_idle'), 0), ?) AS idle
                FROM org_configs c
               WHERE c.org_id = s.org_id AND c.name IN ('max_session_duration', 'roster_session_idle')) ends
        """;

    /// Whether a session `s` with its ends is running.
    public static final String RUNNING =
        "s.ended_at IS NULL AND ends.at > roster_now() AND s.last_seen_at + ends.idle > roster_now()";

    private final Duration max;
    private final Duration idle;

    SessionTimes(Settings settings) {
        max = settings.require(MAX);
        idle = settings.require(IDLE);
    }

    /// What applies where the organisation has not set its own, in the order of [#ENDS], followed by other values.
    public Object[] values(Object... others) {
        var all = new Object[others.length + 2];
        all[0] = max.toSeconds();
        all[1] = idle.toSeconds();
        System.arraycopy(others, 0, all, 2, others.length);
        return all;
    }

    private static Duration duration(String text, Duration longest, String shown) {
        var seconds = !text.matches("[1-9][0-9]{0,6}[smhd]?") ? 0L
            : Long.parseLong(text.replaceAll("[smhd]", "")) * switch (text.charAt(text.length() - 1)) {
                case 'd' -> 86_400;
                case 'h' -> 3600;
                case 'm' -> 60;
                default -> 1;
            };
        if (seconds < SHORTEST.toSeconds() || seconds > longest.toSeconds()) {
            throw new IllegalArgumentException("expected a duration from 5m to " + shown);
        }
        return Duration.ofSeconds(seconds);
    }
}
