package roster.door.web.console;

import java.util.List;
import java.util.Optional;

/// A sentence whose parts may be names, or lead on.
public record Sentence(List<Part> parts) {
    /// @param name whether it is what something is called, rather than ours
    /// @param href none: it leads nowhere
    public record Part(String text, boolean name, Optional<String> href) {
        static Part words(String text) {
            return new Part(text, false, Optional.empty());
        }

        static Part name(String text, Optional<String> href) {
            return new Part(text, true, href);
        }
    }

    public Sentence {
        parts = List.copyOf(parts);
    }

    /// The same without links, for where it stands in a control.
    public Sentence plain() {
        return new Sentence(parts.stream().map(part -> new Part(part.text(), part.name(), Optional.empty())).toList());
    }

    /// Its parts that lead on.
    public List<Part> links() {
        return parts.stream().filter(part -> part.href().isPresent()).toList();
    }

    /// Without what it looks like.
    public String text() {
        return String.join("", parts.stream().map(Part::text).toList());
    }
}
