package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static roster.model.Permission.USER_ACCESS_READ;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final Routes routes = new Routes()
        .get("/api/v2/users", USER_ACCESS_READ, RoutesTest::nothing)
        .post("/api/v2/users", USER_ACCESS_READ, RoutesTest::nothing)
        .get("/api/v2/roles/templates", Needs.Simple.KEYS, RoutesTest::nothing)
        .get("/api/v2/roles/{role_id}", USER_ACCESS_READ, RoutesTest::nothing)
        .patch("/api/v2/roles/{role_id}", USER_ACCESS_READ, RoutesTest::nothing)
        .delete("/api/v2/roles/{id}/users", USER_ACCESS_READ, RoutesTest::nothing)
        .put("/{a}/{b}/{c}/{d}/{e}", Needs.Simple.NOTHING, RoutesTest::nothing)
        .get("/", Needs.Simple.NOTHING, RoutesTest::nothing);

    private static Response nothing(Request request) {
        return Response.noContent();
    }

    private String template(String method, String path) {
        return routes.match(method, path) instanceof Match.Found found ? found.route().template() : "none";
    }

    private Map<String, String> params(String method, String path) {
        return ((Match.Found) routes.match(method, path)).params();
    }

    @Test
    void finds_a_route_by_method_and_address() {
        assertThat(template("GET", "/api/v2/users")).isEqualTo("/api/v2/users");
        assertThat(((Match.Found) routes.match("POST", "/api/v2/users")).route().method()).isEqualTo("POST");
        assertThat(template("GET", "/")).isEqualTo("/");
        assertThat(params("GET", "/api/v2/roles/r1")).containsExactly(Map.entry("role_id", "r1"));
        assertThat(params("PUT", "/1/2/3/4/5")).isEqualTo(Map.of("a", "1", "b", "2", "c", "3", "d", "4", "e", "5"));
    }

    @Test
    void each_route_has_its_own_names_for_the_same_place() {
        assertThat(params("DELETE", "/api/v2/roles/r1/users")).containsExactly(Map.entry("id", "r1"));
    }

    @Test
    void a_literal_beats_a_parameter_for_every_method() {
        assertThat(template("GET", "/api/v2/roles/templates")).isEqualTo("/api/v2/roles/templates");
        assertThat(routes.match("PATCH", "/api/v2/roles/templates")).isInstanceOf(Match.WrongMethod.class);
        assertThat(template("DELETE", "/api/v2/roles/templates/users")).isEqualTo("/api/v2/roles/{id}/users");
    }

    @Test
    void a_trailing_slash_or_an_empty_segment_is_another_address() {
        assertThat(routes.match("GET", "/api/v2/users/")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "/api/v2/roles/")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "/api/v2//users")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "//api/v2/users")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "/API/v2/users")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "/api/v2")).isInstanceOf(Match.Unknown.class);
        assertThat(routes.match("GET", "")).isInstanceOf(Match.Unknown.class);
    }

    @Test
    void dots_are_names_like_others() {
        assertThat(params("GET", "/api/v2/roles/..")).containsExactly(Map.entry("role_id", ".."));
        assertThat(routes.match("GET", "/api/v2/roles/../users")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void head_goes_where_get_goes() {
        assertThat(template("HEAD", "/api/v2/users")).isEqualTo("/api/v2/users");
        assertThat(routes.match("HEAD", "/api/v2/roles/r1/users")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void a_wrong_method_learns_the_right_ones() {
        assertThat(((Match.WrongMethod) routes.match("DELETE", "/api/v2/users")).allow())
            .containsExactly("GET", "HEAD", "POST");
        assertThat(((Match.WrongMethod) routes.match("GET", "/api/v2/roles/r1/users")).allow())
            .containsExactly("DELETE");
        assertThat(routes.match("get", "/api/v2/users")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void segments_are_decoded_after_they_were_told_apart() {
        assertThat(params("GET", "/api/v2/roles/a%2Fb%20c+%C3%A9")).containsExactly(Map.entry("role_id", "a/b c+é"));
        assertThat(template("GET", "/api/v2/us%65rs")).isEqualTo("/api/v2/users");
        assertThat(routes.match("GET", "/api%2Fv2/users")).isInstanceOf(Match.Unknown.class);
    }

    @Test
    void lists_all_routes_and_refuses_the_same_twice() {
        assertThat(routes.all()).hasSize(8).first().extracting(Route::template).isEqualTo("/api/v2/users");
        assertThatIllegalStateException().isThrownBy(
            () -> routes.get("/api/v2/roles/{other}", USER_ACCESS_READ, RoutesTest::nothing));
        assertThatIllegalArgumentException().isThrownBy(() -> Needs.oneOf());
        assertThatIllegalArgumentException().isThrownBy(
            () -> routes.get("api", USER_ACCESS_READ, RoutesTest::nothing));
    }
}
