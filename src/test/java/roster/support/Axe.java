package roster.support;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What makes a page hard to use for some, as axe-core finds it with all its rules that are not experimental.
public final class Axe {
    private static final String SCRIPT = script();
    private static final String FAULTS = """
        async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
            rule => rule.nodes.map(node => rule.id + ': ' + node.html))""";

    private Axe() {}

    /// Hands axe-core to the page once: to read half a megabyte of it takes longer than to look at most pages.
    public static List<?> faults(Page page) {
        if (page.evaluate("() => typeof axe").equals("undefined")) {
            page.evaluate(SCRIPT); // by the browser's debugger, which the page's policy does not bind
        }
        return (List<?>) page.evaluate(FAULTS);
    }

    private static String script() {
        try (var in = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
