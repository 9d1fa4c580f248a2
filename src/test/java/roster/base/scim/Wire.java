package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import roster.base.json.Json;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// JSON as clients send it, with single quotation marks where there are no others, and what comes of it.
final class Wire {
    static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private Wire() {}

    static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    static Attributes user(String json) {
        return Attributes.of(json(json));
    }

    static Patch patch(String operations) {
        return Patch.read(ResourceType.USER, json("{'Operations': [%s]}".formatted(operations)));
    }

    static Patch groupPatch(String operations) {
        return Patch.read(ResourceType.GROUP, json("{'Operations': [%s]}".formatted(operations)));
    }

    /// @return the detail
    static String refused(ScimType type, ThrowingCallable call) {
        var detail = new String[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem()).isInstanceOfSatisfying(BadScim.class, bad -> {
                assertThat(bad.type()).as(bad.detail()).isEqualTo(type);
                detail[0] = bad.detail();
            });
        });
        return detail[0];
    }
}
