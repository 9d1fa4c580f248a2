package roster.door.web.console;

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
