package roster.door.web.console;

import roster.core.invitation.Fate;

/// How far an invitation, or one e-mail, got: a shape, a colour and a word.
public enum FateBadge {
    QUEUED("Queued", "info", "clock"),
    SENT("Sent", "info", "plane"),
    DEFERRED("Deferred", "wait", "hourglass"),
    FAILED("Failed", "bad", "triangle"),
    BOUNCED("Bounced", "bad", "return"),
    ACCEPTED("Accepted", "ok", "tick"),
    EXPIRED("Expired", "off", "hourglass"),
    CANCELLED("Cancelled", "off", "cross");

    private final String text;
    private final String kind;
    private final String icon;

    FateBadge(String text, String kind, String icon) {
        this.text = text;
        this.kind = kind;
        this.icon = icon;
    }

    static FateBadge of(Fate fate) {
        return switch (fate) {
            case QUEUED -> QUEUED;
            case SENT -> SENT;
            case DEFERRED -> DEFERRED;
            case FAILED -> FAILED;
            case BOUNCED -> BOUNCED;
            case ACCEPTED -> ACCEPTED;
            case EXPIRED -> EXPIRED;
            case CANCELLED -> CANCELLED;
        };
    }

    public String text() {
        return text;
    }

    /// The name of a class.
    public String kind() {
        return kind;
    }

    public String icon() {
        return icon;
    }
}
