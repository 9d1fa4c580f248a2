package roster.base.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The contrast of every pair of colours that pages use, computed from the style sheet: of text at least 4.5, of the edges of
/// controls and of the focus ring at least 3 (WCAG 2.2, 1.4.3 and 1.4.11).
class PageStyleTest {
    private static final Pattern TOKEN =
        Pattern.compile("--([a-z-]+): light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)");

    /// Text on ground.
    private static final List<String> TEXTS = List.of("ink sheet", "ink ground", "ink sunken", "ink accent-soft",
        "ink mark", "ink float", "soft mark", "soft accent-soft", "soft float", "soft sheet", "soft ground",
        "soft sunken", "accent-ink sheet", "accent-ink accent-soft",
        "on-accent accent", "on-accent accent-ink", "ok ok-soft", "wait wait-soft", "off off-soft", "bad bad-soft",
        "bad sheet", "on-grey tint-grey", "on-amber tint-amber", "on-violet tint-violet", "on-blue tint-blue",
        "on-green tint-green", "on-teal tint-teal", "on-rose tint-rose", "on-rust tint-rust");

    private static final List<String> EDGES = List.of("edge sheet", "accent sheet", "bad sheet", "accent ground");

    private static Map<String, Integer> tokens(int theme) {
        var all = new HashMap<String, Integer>();
        TOKEN.matcher(HtmlPage.STYLE).results()
            .forEach(token -> all.put(token.group(1), Integer.parseInt(token.group(theme), 16)));
        return all;
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8 & 255) + 0.0722 * linear(colour & 255);
    }

    private static double linear(int channel) {
        var part = channel / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }

    private static double contrast(Map<String, Integer> tokens, String pair) {
        var one = luminance(tokens.get(pair.split(" ", -1)[0]));
        var other = luminance(tokens.get(pair.split(" ", -1)[1]));
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    @Test
    void text_and_edges_can_be_seen_in_both_themes() {
        for (var theme : List.of(2, 3)) {
            var tokens = tokens(theme);
            assertThat(tokens).hasSizeGreaterThanOrEqualTo(20);
            TEXTS.forEach(pair -> assertThat(contrast(tokens, pair)).as(pair).isGreaterThanOrEqualTo(4.5));
            EDGES.forEach(pair -> assertThat(contrast(tokens, pair)).as(pair).isGreaterThanOrEqualTo(3));
        }
    }

    /// Colours come from the tokens, but the white that a QR code needs.
    @Test
    void no_rule_has_a_colour_of_its_own() throws IOException {
        var rules = HtmlPage.STYLE.lines().filter(line -> !line.contains("light-dark("))
            .filter(line -> Pattern.compile("#[0-9a-f]{3,6}\\b").matcher(line).find()).toList();
        assertThat(rules).hasSize(1).allMatch(line -> line.startsWith(".qr"));
        try (var in = PageStyleTest.class.getResourceAsStream("/console/console.css")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()).hasSizeGreaterThan(100)
                .noneMatch(line -> Pattern.compile("#[0-9a-f]{3,6}\\b").matcher(line.replace("#list", "")).find());
        }
    }
}
