package roster.door.web.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import roster.base.html.HtmlPage;
import roster.base.html.Site;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.model.Problem.NoSuchPath;
import roster.model.Refused;

/// What pages load: style, scripts and icons, by addresses that change with their content, so that browsers may keep them for
/// good. Compressed once, at the start.
public final class Assets {
    private static final String PATH = "/console/assets/";
    private static final int HASH_BYTES = 8;
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/%s/dist/htmx.min.js";

    /// @param hash the first 16 hex digits of its SHA-256
    private record Asset(String hash, String contentType, byte[] bytes, byte[] gzipped) {}

    private final Map<String, Asset> all;
    private final Site site;

    Assets(Site site) {
        this.site = site;
        var script = "text/javascript; charset=utf-8";
        all = Map.of(
            "console.css", asset("text/css; charset=utf-8", (HtmlPage.TOKENS + new String(resource(
                "/console/console.css"), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)),
            "console.js", asset(script, resource("/console/console.js")),
            "icon.svg", asset("image/svg+xml", resource("/console/icon.svg")),
            "icons.svg", asset("image/svg+xml", resource("/console/icons.svg")),
            "htmx.min.js", asset(script, resource(HTMX.formatted(htmxVersion()))));
    }

    void addTo(Routes routes) {
        routes.get(PATH + "{hash}/{name}", Needs.Simple.NOTHING, this::answer);
    }

    /// Where a browser finds an asset.
    public String path(String name) {
        return site.path(PATH + all.get(name).hash() + "/" + name);
    }

    private Response answer(Request request) {
        var asset = all.get(request.pathText("name"));
        if (asset == null || !asset.hash().equals(request.pathText("hash"))) {
            throw new Refused(new NoSuchPath());
        }
        var gzip = request.header("Accept-Encoding").filter(sent -> sent.contains("gzip")).isPresent();
        var answer = Response.ok(asset.contentType(), gzip ? asset.gzipped() : asset.bytes()).with(List.of(
            new Response.Header("Cache-Control", "public, max-age=31536000, immutable"),
            new Response.Header("Vary", "Accept-Encoding"),
            new Response.Header("X-Content-Type-Options", "nosniff"),
            new Response.Header("Cross-Origin-Resource-Policy", "same-origin")));
        return gzip ? answer.with("Content-Encoding", "gzip") : answer;
    }

    private static Asset asset(String contentType, byte[] bytes) {
        try {
            var out = new ByteArrayOutputStream();
            try (var zip = new GZIPOutputStream(out)) {
                zip.write(bytes);
            }
            return new Asset(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, HASH_BYTES),
                contentType, bytes, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] resource(String name) {
        try (var in = opened(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream opened(String name) {
        return Optional.ofNullable(Assets.class.getResourceAsStream(name))
            .orElseThrow(() -> new IllegalStateException("not on the class path: " + name));
    }

    /// The folder of the script bears its version.
    private static String htmxVersion() {
        try (var in = opened("/META-INF/maven/org.webjars.npm/htmx.org/pom.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
