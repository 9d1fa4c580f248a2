package roster.door.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.html.Site;
import roster.base.http.Conditions;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.model.Problem.NoSuchPath;
import roster.model.Refused;

/// `/openapi.yaml`, what is served, and `/docs`, a page to read and try it: Swagger UI, from the class path. A browser
/// that shows it loads nothing from elsewhere and sends nothing elsewhere.
///
/// Only the files named here are served. Each is read when first asked for and then kept; clients may keep it as well, but
/// ask each time whether it is still good.
public final class Docs {
    private static final String YAML = "application/yaml";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String SVG = "image/svg+xml";

    /// Swagger UI's style sheet has its pictures written into it, as `data:`.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
        + "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// As the document has it.
    private static final String SERVER = "\nservers:\n  - url: %s\n";

    private record Source(String resource, String contentType) {}

    private record Content(byte[] bytes, String tag) {}

    private static final Source DOCUMENT = new Source("/openapi.yaml", YAML);
    private static final Source PAGE = new Source("/docs/index.html", HTML);

    private final PublicUrl publicUrl;
    private final Site site;
    private final Map<String, Source> files;
    private final Map<Source, Content> read = new ConcurrentHashMap<>();

    public Docs(PublicUrl publicUrl, Site site) {
        this.publicUrl = publicUrl;
        this.site = site;
        var swaggerUi = swaggerUi();
        files = Map.of(
            "docs.css", new Source("/docs/docs.css", CSS),
            "docs.js", new Source("/docs/docs.js", SCRIPT),
            "icon.svg", new Source("/docs/icon.svg", SVG),
            "swagger-ui.css", new Source(swaggerUi + "swagger-ui.css", CSS),
            "swagger-ui-bundle.js", new Source(swaggerUi + "swagger-ui-bundle.js", SCRIPT));
    }

    public void addTo(Routes routes) {
        routes.get("/openapi.yaml", Needs.Simple.NOTHING, request -> answer(request, DOCUMENT));
        routes.get("/docs", Needs.Simple.NOTHING, site.meant(request -> answer(request, PAGE)));
        routes.get("/docs/{file}", Needs.Simple.NOTHING, this::file);
    }

    private Response file(Request request) {
        var source = files.get(request.pathText("file"));
        if (source == null) {
            throw new Refused(new NoSuchPath());
        }
        return answer(request, source);
    }

    private Response answer(Request request, Source source) {
        var content = read.computeIfAbsent(source, this::read);
        var response = Conditions.unchanged(request, List.of(content.tag())) ? Response.empty(304)
            : Response.ok(source.contentType(), content.bytes());
        return response.with(List.of(
            new Response.Header("ETag", content.tag()),
            new Response.Header("Cache-Control", "no-cache"),
            new Response.Header("Content-Security-Policy", POLICY),
            new Response.Header("Referrer-Policy", "no-referrer"),
            new Response.Header("Cross-Origin-Opener-Policy", "same-origin"),
            new Response.Header("Cross-Origin-Resource-Policy", "same-origin"),
            new Response.Header("X-Content-Type-Options", "nosniff")));
    }

    private Content read(Source source) {
        try (var in = Docs.class.getResourceAsStream(source.resource())) {
            var bytes = source.equals(DOCUMENT) ? ofThisServer(in.readAllBytes()) : in.readAllBytes();
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Content(bytes, '"' + HexFormat.of().formatHex(digest, 0, 16) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The document names the server that serves it, by the path that all of its own begin with.
    private byte[] ofThisServer(byte[] document) {
        return new String(document, StandardCharsets.UTF_8)
            .replace(SERVER.formatted("/"), SERVER.formatted(publicUrl.path("/")))
            .getBytes(StandardCharsets.UTF_8);
    }

    /// Where Swagger UI lies on the class path; the folder bears its version.
    private static String swaggerUi() {
        try (var in = Docs.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            var properties = new Properties();
            properties.load(in);
            return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
