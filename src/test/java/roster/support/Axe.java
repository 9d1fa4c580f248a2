package roster.support;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What makes a page hard to use for some, as axe-core finds it with all its rules that are not experimental.
public final class Axe {
    private static final String SCRIPT = script();

    /// Marks elements whose contrast must be that of one before: the same element in the same state, with the same look, in the same
    /// kind of place up to the root. Of 340 rows that are alike, the contrast of one is worked out, which takes most of the time.
    private static final String MARK_ALIKE = """
        () => {
            const kinds = new Map();
            const walk = (element, parent) => {
                const style = getComputedStyle(element);
                const kind = [parent, element.tagName, element.className, element.disabled, element.ariaDisabled,
                    element.hidden, element.open, element.control?.disabled, element.type,
                    [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()),
                    style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.fontSize,
                    style.fontWeight, style.display, style.visibility, style.position, style.clipPath, style.overflow,
                    style.filter, style.mixBlendMode, style.textShadow, style.zIndex,
                    style.contentVisibility].join(' ');
                element.toggleAttribute('data-alike', kinds.has(kind));
                if (!kinds.has(kind)) {
                    kinds.set(kind, kinds.size);
                }
                for (const child of element.children) {
                    walk(child, kinds.get(kind));
                }
            };
            walk(document.documentElement, '');
            axe.configure({rules: [{id: 'color-contrast', selector: ':not([data-alike])'}]});
        }""";
    private static final String FAULTS = """
        async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
            rule => rule.nodes.map(node => rule.id + ': ' + node.html))""";

    private Axe() {}

    /// Hands axe-core to the page once: to read half a megabyte of it takes longer than to look at most pages.
    public static List<?> faults(Page page) {
        if (page.evaluate("() => typeof axe").equals("undefined")) {
            page.evaluate(SCRIPT); // by the browser's debugger, which the page's policy does not bind
        }
        page.evaluate(MARK_ALIKE);
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
