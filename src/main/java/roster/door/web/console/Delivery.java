package roster.door.web.console;

import java.util.Optional;
import roster.model.Invitation.State;

/// How far an invitation got: a shape, a colour and a word.
public enum Delivery {
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

    Delivery(String text, String kind, String icon) {
        this.text = text;
        this.kind = kind;
        this.icon = icon;
    }

    /// How far an invitation is whose e-mail is there.
    ///
    /// @param email none: none was ever sent
    static Delivery of(State state, Optional<roster.core.mail.Delivery> email) {
        return switch (state) {
            case USED -> ACCEPTED;
            case EXPIRED -> EXPIRED;
            case CANCELLED, OTHER_ADDRESS, USER_DISABLED, ORG_DISABLED -> CANCELLED;
            case OPEN -> email.map(one -> switch (one.state()) {
                case QUEUED -> QUEUED;
                case SENT -> SENT;
                case DEFERRED -> DEFERRED;
                case FAILED, DROPPED -> FAILED;
                case BOUNCED -> BOUNCED;
            }).orElse(QUEUED);
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
