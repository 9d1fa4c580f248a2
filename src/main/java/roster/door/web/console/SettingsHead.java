package roster.door.web.console;

import java.util.List;

/// What stands above each page of settings.
public record SettingsHead(Shell shell, List<Tab> tabs) {
    public record Tab(String label, String href, boolean current) {}
}
