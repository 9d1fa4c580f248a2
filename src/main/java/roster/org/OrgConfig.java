package roster.org;

import java.util.Arrays;
import java.util.Optional;

/// A switch that an organisation may set for itself; off until it does (access.md 11.3 of the contract).
public enum OrgConfig {
    /// Invitations can be accepted for 30 days instead of 48 hours. Counts for those sent while it is on.
    LONG_INVITATIONS("30d_invite_expiration");

    private final String text;

    OrgConfig(String text) {
        this.text = text;
    }

    /// As the contract names it.
    public String text() {
        return text;
    }

    public static Optional<OrgConfig> named(String text) {
        return Arrays.stream(values()).filter(config -> config.text.equals(text)).findFirst();
    }
}
