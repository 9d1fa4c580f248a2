package roster.support;

import static java.util.stream.Collectors.joining;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.Response;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport.Message;
import com.atlassian.oai.validator.report.ValidationReport.MessageContext;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Every answer of the suite is held against `openapi.yaml`: its status, content type, headers and body.
///
/// What the document says of all addresses in words (an unknown path is 404, another method 405, `HEAD` is `GET` without
/// a body) is added to the copy that is checked against, so that those answers are checked as well.
public final class OpenApiCheck {
    /// Stands for all paths that the document does not know.
    private static final String ELSEWHERE = "/elsewhere";

    /// The same below the bases of SCIM, whose errors have a form of their own.
    private static final String SCIM_ELSEWHERE = "/scim/v2/elsewhere";
    private static final Pattern SCIM = Pattern.compile("(/scim/v2|/api/v2/scim)(/.*)?");

    private static final OpenAPI DOCUMENT = completed(parse().getOpenAPI());

    private static final OpenApiInteractionValidator VALIDATOR =
        OpenApiInteractionValidator.createFor(DOCUMENT).withStrictOperationPathMatching().build();

    private static final int LONG_BYTES = 16_000;

    /// Those that have passed.
    private static final Set<JsonNode> PERMISSIONS = ConcurrentHashMap.newKeySet();

    static {
        // It tells of each page that there is no schema to hold HTML against.
        ((Logger) LoggerFactory.getLogger("com.atlassian.oai.validator")).setLevel(Level.WARN);
    }

    private OpenApiCheck() {}

    /// Reads the document; what is wrong with it is in the messages.
    public static SwaggerParseResult parse() {
        try (var in = OpenApiCheck.class.getResourceAsStream("/openapi.yaml")) {
            var options = new ParseOptions();
            options.setResolve(true);
            return new OpenAPIV3Parser().readContents(new String(in.readAllBytes(), StandardCharsets.UTF_8), null,
                options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OpenAPI completed(OpenAPI document) {
        document.path(ELSEWHERE, new PathItem());
        document.path(SCIM_ELSEWHERE, new PathItem());
        var answers = document.getComponents().getResponses();
        document.getPaths().forEach((template, path) -> {
            var documented = path.readOperationsMap();
            for (var method : HttpMethod.values()) {
                if (method == HttpMethod.HEAD && documented.containsKey(HttpMethod.GET)) {
                    path.operation(method, withoutBodies(documented.get(HttpMethod.GET)));
                } else if (!documented.containsKey(method)) {
                    var scim = SCIM.matcher(template).matches();
                    var refused = new Operation().responses(new ApiResponses()
                        .addApiResponse("400", answers.get("BadRequest"))
                        .addApiResponse(template.endsWith(ELSEWHERE) ? "404" : "405",
                            scim ? answers
                                .get(template.equals(SCIM_ELSEWHERE) ? "ScimNotFound" : "ScimMethodNotAllowed")
                                : template.equals(ELSEWHERE) ? orPage(answers.get("NotFound"))
                                : answers.get("MethodNotAllowed")));
                    path.operation(method, method == HttpMethod.HEAD ? withoutBodies(refused) : refused);
                }
            }
            path.readOperations().forEach(operation -> operation.getResponses().values()
                .forEach(response -> resolveHeaders(response, document.getComponents().getHeaders())));
        });
        return document;
    }

    /// The same answer, or a page for a browser.
    private static ApiResponse orPage(ApiResponse answer) {
        var content = new Content();
        content.putAll(answer.getContent());
        content.addMediaType("text/html", new MediaType().schema(new StringSchema()));
        return new ApiResponse().description(answer.getDescription()).headers(answer.getHeaders()).content(content);
    }

    /// The parser leaves references to headers as they are, and the validator takes them for headers without a rule.
    private static void resolveHeaders(ApiResponse response, Map<String, Header> headers) {
        if (response.getHeaders() != null) {
            response.getHeaders().replaceAll((name, header) -> header.get$ref() == null ? header
                : headers.get(header.get$ref().substring(header.get$ref().lastIndexOf('/') + 1)));
        }
    }

    /// The same statuses. Which headers they have is seen on the `GET`.
    private static Operation withoutBodies(Operation get) {
        var all = new ApiResponses();
        get.getResponses().keySet()
            .forEach(status -> all.addApiResponse(status, new ApiResponse().description(status)));
        return new Operation().responses(all);
    }

    /// @throws AssertionError naming operation, status and pointer
    static void check(Answer answer) {
        var method = method(answer.method());
        var path = plain(answer.path().split("\\?", 2)[0].replaceFirst("^/+", "/"));
        if (path.startsWith("/console/")) {
            return; // pages, which are not of the API
        }
        var permissions = new HashSet<JsonNode>();
        var response = response(answer, permissions);
        var report = VALIDATOR.validateResponse(path, method, response);
        if (report.getMessages().stream().anyMatch(m -> m.getKey().equals("validation.request.path.missing"))) {
            report = VALIDATOR.validateResponse(SCIM.matcher(path).matches() ? SCIM_ELSEWHERE : ELSEWHERE, method,
                response);
        }
        if (report.hasErrors()) {
            throw new AssertionError("%s %s -> %d is not as openapi.yaml says: %s\n%s".formatted(answer.method(), path,
                answer.status(), report.getMessages().stream().map(OpenApiCheck::told).collect(joining("; ")),
                answer.text()));
        }
        PERMISSIONS.addAll(permissions);
    }

    /// Without the slashes that do not count below the bases of SCIM.
    private static String plain(String path) {
        return SCIM.matcher(path).matches()
            ? path.replaceFirst("^(/scim/v2|/api/v2/scim)//", "$1/").replaceFirst("(?<=[^/])/$", "") : path;
    }

    private static Response response(Answer answer, Set<JsonNode> permissions) {
        var response = SimpleResponse.Builder.status(answer.status());
        answer.headers().forEach(response::withHeader);
        if (answer.bytes().length > 0) {
            response.withBody(answer.bytes().length < LONG_BYTES || !answer.header("Content-Type")
                .equals(Optional.of("application/json")) ? answer.text() : shortened(answer, permissions));
        }
        return response.build();
    }

    /// The answer without the permissions that were in an earlier one: an administrator has hundreds of them, and to look
    /// at each every time would take 40 ms.
    ///
    /// @param permissions where those go that are new
    private static String shortened(Answer answer, Set<JsonNode> permissions) {
        var document = answer.json();
        for (var name : List.of("data", "included")) {
            if (document.path(name) instanceof ArrayNode entries) {
                entries.removeIf(entry -> entry.path("type").asString("").equals("permissions")
                    && (PERMISSIONS.contains(entry) || !permissions.add(entry)));
            }
        }
        return document.toString();
    }

    /// A method that OpenAPI does not know is as good as one that no route has.
    private static Request.Method method(String name) {
        return Arrays.stream(Request.Method.values()).filter(method -> method.name().equals(name)).findFirst()
            .orElse(Request.Method.TRACE);
    }

    private static String told(Message message) {
        var where = message.getContext().flatMap(MessageContext::getPointers)
            .map(pointers -> " at " + pointers.getInstance()).orElse("");
        return message.getMessage() + where + message.getAdditionalInfo();
    }
}
