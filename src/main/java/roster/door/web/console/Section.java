package roster.door.web.console;

import java.util.List;

/// An entry of the navigation.
public enum Section {
    OVERVIEW("Overview", "/console/", "bars"),
    PEOPLE("People", "/console/people", "people"),
    INVITATIONS("Invitations", "/console/invitations", "mail"),
    ROLES("Roles", "/console/roles", "shield"),
    SERVICE_ACCOUNTS("Service accounts", "/console/service-accounts", "robot"),
    KEYS("Keys", "/console/keys/api", "key"),
    AUDIT("Audit trail", "/console/audit", "document"),
    SETTINGS("Settings", "/console/settings/organisation", "sliders"),
    MAILBOX("Mailbox", "/console/mailbox", "tray");

    static final List<List<Section>> GROUPS = List.of(List.of(OVERVIEW, PEOPLE, INVITATIONS, ROLES),
        List.of(SERVICE_ACCOUNTS, KEYS), List.of(AUDIT, SETTINGS, MAILBOX));

    private final String label;
    private final String path;
    private final String icon;

    Section(String label, String path, String icon) {
        this.label = label;
        this.path = path;
        this.icon = icon;
    }

    public String label() {
        return label;
    }

    public String path() {
        return path;
    }

    public String icon() {
        return icon;
    }
}
