package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.model.Text;

/// A text in which what was searched for is marked, and which may break before an `@`.
public record Marked(List<Part> parts) {
    /// @param found whether it was searched for
    /// @param breaks whether a line may end before it
    public record Part(String text, boolean found, boolean breaks) {}

    public Marked {
        parts = List.copyOf(parts);
    }

    public static Marked of(String text, Optional<String> sought) {
        var found = sought.map(Text::folded).filter(part -> !part.isEmpty())
            .map(part -> places(text, part)).orElse(List.of());
        var parts = new ArrayList<Part>();
        var at = 0;
        for (var place : found) {
            plain(parts, text.substring(at, place.start));
            parts.add(new Part(text.substring(place.start, place.end), true, false));
            at = place.end;
        }
        plain(parts, text.substring(at));
        return new Marked(parts);
    }

    private static void plain(List<Part> parts, String text) {
        var mark = text.indexOf('@');
        if (mark > 0) {
            parts.add(new Part(text.substring(0, mark), false, false));
        }
        if (!text.isEmpty()) {
            parts.add(new Part(text.substring(Math.max(0, mark)), false, mark >= 0));
        }
    }

    private record Place(int start, int end) {}

    /// Where the text, folded, has the part. Only if folding leaves each character in its place.
    private static List<Place> places(String text, String part) {
        var folded = Text.folded(text);
        if (folded.length() != text.length()) {
            return List.of();
        }
        var places = new ArrayList<Place>();
        for (var at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length())) {
            places.add(new Place(at, at + part.length()));
        }
        return places;
    }
}
