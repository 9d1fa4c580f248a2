package roster.support;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How to make a valid request for a route, in any organisation. The test class of an operation brings the recipe, in a
/// `static final List<Recipe> RECIPES`; the tests that walk all routes collect them.
///
/// @param route method and template, such as `GET /api/v2/users/{user_id}`
/// @param call prepares what the request needs, and returns it; called once per request
public record Recipe(String route, Function<TestOrg, Call> call) {
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /// A request. All ids in it belong to the organisation it was made for.
    ///
    /// @param body null for none
    /// @param contentType of the body; null for JSON
    public record Call(String path, String body, String contentType) {
        public Call(String path) {
            this(path, null, null);
        }

        public Call(String path, String body) {
            this(path, body, null);
        }

        public Map<String, String> headers() {
            return contentType == null ? Map.of() : Map.of("Content-Type", contentType);
        }

        /// All ids in path and body.
        public Set<String> ids() {
            return UUID_TEXT.matcher(path + body).results().map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
        }

        /// The same request with other ids.
        public Call with(Map<String, String> otherIds) {
            return new Call(replaced(path, otherIds), body == null ? null : replaced(body, otherIds), contentType);
        }

        /// A text with other ids.
        public static String replaced(String text, Map<String, String> otherIds) {
            return UUID_TEXT.matcher(text).replaceAll(found -> otherIds.get(found.group()));
        }
    }
}
