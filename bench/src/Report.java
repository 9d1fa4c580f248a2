import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What was found: on the screen as it comes, and as a page at the end.
final class Report {
    /// What a row is to reach.
    record Aim(String sign, double bound, String unit) {
        static Aim atLeast(double bound) {
            return new Aim("≥", bound, "");
        }

        static Aim atMost(double bound, String unit) {
            return new Aim("≤", bound, unit);
        }

        boolean isMetBy(double value) {
            return switch (sign) {
                case "≥" -> value >= bound;
                default -> value <= bound;
            };
        }

        @Override
        public String toString() {
            var number = bound == Math.rint(bound) && !unit.isEmpty() ? Long.toString((long) bound)
                : String.format(Locale.ROOT, "%.2f", bound);
            return sign + " " + number + (unit.isEmpty() ? "" : " " + unit);
        }
    }

    /// @param key by which `explanations.md` knows it
    /// @param figure the ratio, or where the aim has a unit the value in it
    /// @param against empty where the figure stands for itself
    /// @param ours the absolute figures
    private record Row(String key, String work, String against, String figure, Optional<Aim> aim, Optional<Boolean> met,
        String ours, String theirs) {
        String result() {
            return met.map(it -> it ? "met" : "**missed**").orElse("–");
        }
    }

    private record Section(String title, List<Row> rows, List<String> notes) {}

    private final List<Section> sections = new ArrayList<>();

    void section(String title) {
        sections.add(new Section(title, new ArrayList<>(), new ArrayList<>()));
        System.out.printf("%n== %s%n", title);
    }

    /// Something that was found besides.
    void note(String format, Object... values) {
        var text = String.format(Locale.ROOT, format, values);
        sections.getLast().notes().add(text);
        System.out.println("   " + text);
    }

    void row(String key, String work, String against, Series.Spread figure, Aim aim, String ours, String theirs) {
        add(new Row(key, work, against, figure + (aim.unit().isEmpty() ? "" : " " + aim.unit()), Optional.of(aim),
            Optional.of(aim.isMetBy(figure.median())), ours, theirs));
    }

    /// A row that has no aim.
    void row(String key, String work, String against, String figure, String ours, String theirs) {
        add(new Row(key, work, against, figure, Optional.empty(), Optional.empty(), ours, theirs));
    }

    private void add(Row row) {
        sections.getLast().rows().add(row);
        System.out.printf("%s%s%n    %-26s %-8s %-7s %s%n", row.work(),
            row.against().isEmpty() ? "" : ", against " + row.against(), row.figure(),
            row.aim().map(Aim::toString).orElse(""), row.met().map(met -> met ? "met" : "MISSED").orElse(""),
            row.ours() + (row.theirs().isEmpty() ? "" : "  |  " + row.theirs()));
    }

    /// @param head what the page begins with
    /// @param explanations a paragraph each for the rows that are known to miss their aim, under `## key`
    String page(String head, Path explanations) {
        var page = new StringBuilder(head);
        page.append("\n## Every row\n\nA ratio is the median over the rounds, with the least and the most of them.\n\n")
            .append("| work | against | figure | aim | result | Roster | the other |\n|---|---|---|---|---|---|---|\n");
        for (var section : sections) {
            for (var row : section.rows()) {
                page.append("| ")
                    .append(String.join(" | ", row.work(), row.against().isEmpty() ? "–" : row.against(), row.figure(),
                        row.aim().map(Aim::toString).orElse("–"), row.result(), row.ours(), row.theirs()))
                    .append(" |\n");
            }
        }
        notes(page);
        var missed = sections.stream().flatMap(section -> section.rows().stream())
            .filter(row -> row.met().equals(Optional.of(false))).toList();
        page.append("\n## What missed its aim\n");
        if (missed.isEmpty()) {
            page.append("\nNothing.\n");
        }
        var known = paragraphs(explanations);
        var told = new HashSet<String>();
        for (var row : missed) {
            page.append("\n### ").append(row.work()).append(": ").append(row.figure()).append(", aim ")
                .append(row.aim().orElseThrow()).append("\n\n")
                .append(!told.add(row.key()) ? "As above."
                    : known.getOrDefault(row.key(), "Not explained yet: `bench/explanations.md` has no paragraph `"
                        + row.key() + "`."))
                .append('\n');
        }
        return page.toString();
    }

    /// A page of rows that have no aims.
    ///
    /// @param head what the page begins with
    String page(String head) {
        var page = new StringBuilder(head);
        page.append("\n## Every row\n\nA ratio is the median over the rounds, with the least and the most of them.\n")
            .append("\n| work | against | ratio | Roster | the other |\n|---|---|---|---|---|\n");
        for (var section : sections) {
            for (var row : section.rows()) {
                page.append("| ")
                    .append(String.join(" | ", row.work(), row.against(), row.figure(), row.ours(), row.theirs()))
                    .append(" |\n");
            }
        }
        notes(page);
        return page.toString();
    }

    private void notes(StringBuilder page) {
        for (var section : sections) {
            if (!section.notes().isEmpty()) {
                page.append("\n## ").append(section.title()).append("\n\n");
                section.notes().forEach(note -> page.append("* ").append(note).append('\n'));
            }
        }
    }

    private static Map<String, String> paragraphs(Path file) {
        var found = new LinkedHashMap<String, String>();
        try {
            for (var part : Files.readString(file).split("(?m)^## ")) {
                var end = part.indexOf('\n');
                if (end > 0) {
                    found.put(part.substring(0, end).strip(), part.substring(end).strip());
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long missed() {
        return sections.stream().flatMap(section -> section.rows().stream())
            .filter(row -> row.met().equals(Optional.of(false))).count();
    }

    long aims() {
        return sections.stream().flatMap(section -> section.rows().stream()).filter(row -> row.aim().isPresent())
            .count();
    }
}
