package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers as the attributes of an SVG. What it shows is told by a sentence, and by a table beside it.
public final class Chart {
    /// The box in which lines and bars are drawn.
    public static final int WIDTH = 600;
    public static final int HEIGHT = 120;

    private static final double GAP = 0.3;

    private Chart() {}

    /// A line on its own scale, and the area below it.
    ///
    /// @param line,area for `d` of a path; empty: there are too few numbers
    public record Line(String line, String area) {}

    public static Line line(List<Long> values) {
        if (values.size() < 2) {
            return new Line("", "");
        }
        var least = values.stream().mapToLong(Long::longValue).min().orElseThrow();
        var most = values.stream().mapToLong(Long::longValue).max().orElseThrow();
        var scale = most == least ? 0 : (HEIGHT - 12.0) / (most - least);
        var points = new ArrayList<String>();
        for (var i = 0; i < values.size(); i++) {
            points.add(number((double) WIDTH * i / (values.size() - 1)) + " "
                + number(HEIGHT - 6 - (values.get(i) - least) * scale));
        }
        var line = "M" + String.join("L", points);
        return new Line(line, line + "L%d %dL0 %d".formatted(WIDTH, HEIGHT, HEIGHT) + "Z");
    }

    /// A bar.
    ///
    /// @param latest whether its time is not over
    public record Bar(String x, String y, String width, String height, boolean latest) {}

    /// @param top what the height of the box stands for
    public record Bars(List<Bar> bars, long top) {}

    /// Bars from zero on; the last one is of a time that is not over.
    public static Bars bars(List<Long> values) {
        var top = top(values.stream().mapToLong(Long::longValue).max().orElse(0));
        var step = (double) WIDTH / Math.max(1, values.size());
        var bars = new ArrayList<Bar>();
        for (var i = 0; i < values.size(); i++) {
            var height = (double) HEIGHT * values.get(i) / top;
            bars.add(new Bar(number(step * (i + GAP / 2)), number(HEIGHT - height), number(step * (1 - GAP)),
                number(height), i == values.size() - 1));
        }
        return new Bars(bars, top);
    }

    /// A part of a whole.
    public record Part(String x, String width) {}

    /// Parts side by side.
    public static List<Part> parts(List<Long> values) {
        var all = Math.max(1, values.stream().mapToLong(Long::longValue).sum());
        var parts = new ArrayList<Part>();
        var at = 0.0;
        for (var value : values) {
            var width = (double) WIDTH * value / all;
            parts.add(new Part(number(at), number(value == 0 ? 0 : Math.max(2, width - 3))));
            at += width;
        }
        return parts;
    }

    /// The next round number: 1, 2 or 4 with zeros.
    static long top(long most) {
        for (var power = 2L;; power *= 10) {
            for (var round : new long[] {power, power * 2, power * 5}) {
                if (round >= most) {
                    return round;
                }
            }
        }
    }

    /// `100k`
    public static String axis(long value) {
        return value >= 1_000_000 && value % 100_000 == 0 ? Words.number(value / 1_000_000)
            + (value % 1_000_000 == 0 ? "" : "." + value % 1_000_000 / 100_000) + "M"
            : value >= 1000 && value % 100 == 0 ? value / 1000 + (value % 1000 == 0 ? "" : "." + value % 1000 / 100)
                + "k"
            : Words.number(value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
