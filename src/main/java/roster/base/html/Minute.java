package roster.base.html;

import java.time.Instant;

/// Times as letters and pages for signing in have them: UTC, as no one's zone is known there yet.
public final class Minute {
    private Minute() {}

    /// A time without its seconds, as `2026-11-29 16:30 UTC`.
    public static String of(Instant time) {
        return time.toString().substring(0, 16).replace('T', ' ') + " UTC";
    }
}
