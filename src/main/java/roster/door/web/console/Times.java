package roster.door.web.console;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Times as pages show them: absolute, in one zone, which each page names.
public final class Times {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.US);
    private static final DateTimeFormatter LONG_DAY = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.US);
    private static final DateTimeFormatter SHORT_DAY = DateTimeFormatter.ofPattern("d MMM", Locale.US);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.US);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.US);

    /// For how many days lists name the time of day as well.
    private static final int RECENT_DAYS = 30;

    private final ZoneId zone;
    private final Instant now;

    public Times(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now;
    }

    /// A time as text, and as machines read it.
    ///
    /// @param utc for `datetime`
    /// @param full the same in full, where the text is short
    public record Shown(String utc, String text, String full) {}

    /// `28 Nov 2026, 14:02`
    public Shown full(Instant time) {
        var full = text(time);
        return new Shown(utc(time), full, full);
    }

    /// For lists: `Today, 14:02`, `Yesterday, 18:02`, `26 Nov, 07:55`, `2 Jul 2026`.
    public Shown brief(Instant time) {
        var at = time.atZone(zone);
        var days = ChronoUnit.DAYS.between(at.toLocalDate(), today());
        return new Shown(utc(time),
            days == 0 ? "Today, " + TIME.format(at) : days == 1 ? "Yesterday, " + TIME.format(at)
                : days > 0 && days <= RECENT_DAYS ? SHORT_DAY.format(at) + ", " + TIME.format(at) : DAY.format(at),
            text(time));
    }

    /// [#brief] in the middle of a sentence: `today, 14:02`, `yesterday, 18:02`, `on 26 Nov, 07:55`.
    public Shown inSentence(Instant time) {
        var brief = brief(time);
        var text = brief.text();
        return new Shown(brief.utc(),
            text.startsWith("Today") || text.startsWith("Yesterday") ? Words.small(text) : "on " + text, brief.full());
    }

    /// `3 Mar 2024`
    public Shown day(Instant time) {
        var day = DAY.format(time.atZone(zone));
        return new Shown(utc(time), day, day);
    }

    /// `14:02:11`, for the trail, below the day.
    public Shown seconds(Instant time) {
        return new Shown(utc(time), SECONDS.format(time.atZone(zone)), text(time));
    }

    /// In a sentence: `at 14:02` if it is of today, else `on 28 Nov 2026, 14:02`.
    public String told(Instant time) {
        var at = time.atZone(zone);
        return at.toLocalDate().equals(today()) ? "at " + TIME.format(at) : "on " + text(time);
    }

    /// `28 November 2026`
    public String heading(Instant time) {
        return LONG_DAY.format(time.atZone(zone));
    }

    public static String day(LocalDate day) {
        return DAY.format(day);
    }

    /// `3 Nov 2026, 09:00`
    public static String minute(LocalDateTime time) {
        return DAY.format(time) + ", " + TIME.format(time);
    }

    /// `28 Nov 2026, 14:02:11`
    public Shown exact(Instant time) {
        var at = time.atZone(zone);
        var exact = DAY.format(at) + ", " + SECONDS.format(at);
        return new Shown(utc(time), exact, exact);
    }

    public static String shortDay(LocalDate day) {
        return SHORT_DAY.format(day);
    }

    public LocalDate today() {
        return LocalDate.ofInstant(now, zone);
    }

    public Instant now() {
        return now;
    }

    public ZoneId zone() {
        return zone;
    }

    private String text(Instant time) {
        var at = time.atZone(zone);
        return DAY.format(at) + ", " + TIME.format(at);
    }

    private static String utc(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(ZonedDateTime.ofInstant(time, ZoneId.of("UTC"))
            .truncatedTo(ChronoUnit.SECONDS));
    }
}
