package roster.door.web.console;

import java.util.Optional;

/// A sentence with a link in it.
///
/// @param href none: the text of the link is plain
public record Said(String before, String link, Optional<String> href, String after) {
    static Said plain(String text) {
        return new Said(text, "", Optional.empty(), "");
    }

    /// Without the link.
    public String text() {
        return before + link + after;
    }
}
