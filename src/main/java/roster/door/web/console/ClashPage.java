package roster.door.web.console;

import java.util.List;
import java.util.Map;

/// A form that was sent after others had changed what it is about.
///
/// @param text who changed it, and when
/// @param clashes all fields of the form
/// @param fields that the form holds besides
/// @param action where the chosen version is sent
/// @param discard where the user goes who keeps what is there
public record ClashPage(Shell shell, String text, List<Clash> clashes, Map<String, String> fields,
    String action, String discard) {}
