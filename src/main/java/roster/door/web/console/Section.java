package roster.door.web.console;

import java.util.List;
import java.util.Optional;

/// An entry of the navigation.
public enum Section {
    OVERVIEW("Overview", "/console/", "bars"),
    PEOPLE("People", "/console/people", "people"),
    INVITATIONS("Invitations", "/console/invitations", "mail"),
    ROLES("Roles", "/console/roles", "shield"),
    SERVICE_ACCOUNTS("Service accounts", "/console/service-accounts", "robot"),
    KEYS("Keys", List.of("/console/keys/api", "/console/keys/application", "/console/keys/tokens"), "key"),
    AUDIT("Audit trail", "/console/audit", "document"),
    SETTINGS("Settings", "/console/settings/organisation", "sliders"),
    MAILBOX("Mailbox", "/console/mailbox", "tray");

    static final List<List<Section>> GROUPS = List.of(List.of(OVERVIEW, PEOPLE, INVITATIONS, ROLES),
        List.of(SERVICE_ACCOUNTS, KEYS), List.of(AUDIT, SETTINGS, MAILBOX));

    private final String label;
    private final List<String> paths;
    private final String icon;

    Section(String label, String path, String icon) {
        this(label, List.of(path), icon);
    }

    Section(String label, List<String> paths, String icon) {
        this.label = label;
        this.paths = paths;
        this.icon = icon;
    }

    public String label() {
        return label;
    }

    /// The first of its pages that a caller may open.
    Optional<String> href(Link link) {
        return paths.stream().flatMap(path -> link.to(path).stream()).findFirst();
    }

    public String icon() {
        return icon;
    }
}
