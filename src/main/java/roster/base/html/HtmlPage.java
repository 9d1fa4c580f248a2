package roster.base.html;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import roster.base.http.Response;
import roster.base.http.StoredBody;

/// HTML pages, rendered by a template of `src/main/jte`, which escapes all values, and sent so that a browser shows them
/// and does nothing else: no script runs, nothing is loaded, framing and caching are forbidden, and links do not reveal
/// the page's address, which may hold a token.
public final class HtmlPage {
    /// The colours and types of all pages, at the beginning of each style sheet.
    public static final String TOKENS = resource("/tokens.css");

    /// The style sheet, part of every page; the layout `page.jte` puts it in.
    public static final String STYLE = TOKENS + resource("/page.css");

    /// The one script that is part of pages: it asks the browser for passkeys.
    public static final String PASSKEYS = resource("/passkeys.js");

    private static final String POLICY = "default-src 'none'; style-src 'sha256-%s'; form-action 'self'; "
        .formatted(digest(STYLE)) + "base-uri 'none'; frame-ancestors 'none'";

    private static final String ASSETS_POLICY =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// Nothing that could end a directive.
    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.\\-_\\[\\]:]+");

    private static final TemplateEngine TEMPLATES =
        TemplateEngine.createPrecompiled(null, ContentType.Html, null, "roster.jte");

    private HtmlPage() {}

    /// @param template as `invitation/open.jte`
    /// @param model the template's only parameter
    public static String rendered(String template, Object model) {
        var out = new StringOutput();
        TEMPLATES.render(template, model, out);
        return out.toString();
    }

    public static Response answer(int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), POLICY);
    }

    /// The same for a page whose address holds no secret. Browsers then say that its forms come from us: with the strictest
    /// policy they would hide it.
    public static Response open(int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), POLICY, "same-origin");
    }

    /// A page that loads its style, its scripts and its pictures from us, and parts of itself. By `HX-Request` a part is asked
    /// for, which caches between must know.
    public static Response withAssets(int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), ASSETS_POLICY, "same-origin")
            .with("Vary", "HX-Request, HX-History-Restore-Request");
    }

    /// The same for a page that frames other pages of ours.
    public static Response framingWithAssets(int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), ASSETS_POLICY + "; frame-src 'self'",
            "same-origin").with("Vary", "HX-Request, HX-History-Restore-Request");
    }

    /// A file that browsers store, as large as it is.
    ///
    /// @param name printable ASCII, without quotation marks
    public static Response file(String name, String contentType, StoredBody body) {
        return secured(Response.stored(contentType, body), POLICY, "same-origin").with("Content-Disposition",
            "attachment; filename=\"" + name + "\"");
    }

    /// The same for a page whose forms lead on to other sites: browsers look at where a form's answer sends them, too.
    ///
    /// @param origins as `https://idp.example`
    public static Response leadingTo(List<String> origins, int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), leadingTo(origins), "same-origin");
    }

    private static String leadingTo(List<String> origins) {
        return POLICY.replace("form-action 'self'", "form-action 'self'" + String.join("", origins.stream()
            .filter(ORIGIN.asMatchPredicate()).map(one -> " " + one).toList()));
    }

    /// A page that asks for passkeys, with [#PASSKEYS] in it. No other script runs.
    public static Response scripted(int status, String template, Object model) {
        return scripted(List.of(), status, template, model);
    }

    /// The same for a page whose forms lead on to other sites, too.
    public static Response scripted(List<String> origins, int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)),
            leadingTo(origins) + "; script-src 'sha256-%s'".formatted(digest(PASSKEYS)), "same-origin");
    }

    /// The same for a page whose address holds a secret.
    public static Response secretLeadingTo(List<String> origins, int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), leadingTo(origins));
    }

    /// A text that browsers store as a file.
    ///
    /// @param name printable ASCII, without quotation marks
    public static Response attachment(String name, String text) {
        return secured(Response.ok("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)), POLICY)
            .with("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    /// Sends a browser on, by `GET`.
    ///
    /// @param location printable ASCII, relative to the address asked for, so that whatever path the public URL has is kept
    public static Response elsewhere(String location) {
        return secured(Response.empty(303).with("Location", location), POLICY);
    }

    /// Sends a browser on to another spelling of the address it asked for.
    ///
    /// @param location printable ASCII
    public static Response spelled(String location) {
        return secured(Response.empty(302).with("Location", location), POLICY, "same-origin");
    }

    /// A page that frames other pages of ours.
    public static Response framing(int status, String template, Object model) {
        return secured(Response.html(status, rendered(template, model)), POLICY + "; frame-src 'self'");
    }

    /// A document that others wrote, to be shown in a frame of ours: it may style itself and open links in new windows.
    public static Response foreign(String html) {
        return secured(Response.html(200, html), "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox");
    }

    private static Response secured(Response response, String policy) {
        return secured(response, policy, "no-referrer");
    }

    private static Response secured(Response response, String policy, String referrer) {
        return response.with(List.of(
            new Response.Header("Content-Security-Policy", policy),
            new Response.Header("Referrer-Policy", referrer),
            new Response.Header("Cache-Control", "no-store"),
            new Response.Header("X-Content-Type-Options", "nosniff"),
            new Response.Header("Cross-Origin-Opener-Policy", "same-origin"),
            new Response.Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Response.Header("X-Robots-Tag", "noindex")));
    }

    private static String resource(String name) {
        try (var in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
