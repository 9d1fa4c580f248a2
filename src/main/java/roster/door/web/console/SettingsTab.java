package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;

/// A page of settings. All of them are led to by tabs.
enum SettingsTab {
    ORGANISATION("Organisation", "organisation"),
    SIGN_IN("Signing in", "sign-in"),
    MAPPINGS("Role mappings", "mappings"),
    PROVISIONING("Provisioning", "provisioning"),
    INVITATIONS("Invitations", "invitations"),
    NETWORKS("Networks", "networks"),
    DOMAINS("Domains", "domains");

    private final String label;
    private final String path;

    SettingsTab(String label, String name) {
        this.label = label;
        this.path = Console.PATH + "settings/" + name;
    }

    String label() {
        return label;
    }

    String path() {
        return path;
    }

    /// Whether those who may change it must have shown a factor within 15 minutes before they see its form.
    boolean isAskedAgain() {
        return this == SIGN_IN || this == NETWORKS;
    }

    /// What stands above a page.
    ///
    /// @param faulty whether something is wrong with what was sent
    SettingsHead head(Visit visit, boolean faulty) {
        var tabs = new ArrayList<SettingsHead.Tab>();
        for (var one : values()) {
            visit.link().to(one.path).ifPresent(href -> tabs.add(new SettingsHead.Tab(one.label, href, one == this)));
        }
        return new SettingsHead(visit.shell(Section.SETTINGS, (faulty ? "Error: " : "") + label + " · Settings"),
            List.copyOf(tabs));
    }
}
