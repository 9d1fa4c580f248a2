package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What directories did, as the console tells it.
@Timeout(60)
class DirectoryTrailTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer scim(TestUser user, String method, String path, String body) {
        var answer = roster.send(method, "/scim/v2" + path, body,
            Map.of("Authorization", "Bearer " + user.applicationKey(), "Content-Type", "application/scim+json"));
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
        return answer;
    }

    private static String operation(String path, String value) {
        return "{\"Operations\":[{\"op\":\"replace\",\"path\":\"%s\",\"value\":%s}]}".formatted(path, value);
    }

    @Test
    void each_act_of_a_directory_is_one_sentence_and_each_attribute_one_line() {
        var org = roster.newOrg("trail");
        var okta = org.newAdmin("okta@trail.test");
        var bob = "/Users/" + org.newPending("bob@trail.test").id();
        scim(okta, "PATCH", bob, operation("nickName", "\"Bobby\""));
        scim(okta, "PATCH", bob, operation("department", "\"Ops\""));
        scim(okta, "PATCH", bob, "{\"Operations\":[{\"op\":\"add\",\"value\":{\"nickName\":\"B\",\"locale\":\"en\","
            + "\"timezone\":\"UTC\",\"userType\":\"x\"}}]}");
        scim(okta, "PATCH", bob, operation("phoneNumbers", "[{\"value\":\"+431\",\"type\":\"work\"}]"));
        scim(okta, "PATCH", bob, operation("roles", "[{\"value\":\"no such role\"}]"));
        scim(okta, "PATCH", bob, operation("active", "\"False\""));
        scim(okta, "POST", "/Users", "{\"userName\":\"bob@trail.test\"}");
        scim(okta, "DELETE", bob, null);

        var told = ConsoleUser.read(SignedIn.in(org.founder()).page("/console/audit"));
        assertThat(told).contains("okta@trail.test began to provision bob @trail.test", "nickName none → became Bobby",
            "changed department of bob @trail.test", "changed 4 attributes of bob @trail.test",
            "changed phoneNumbers of bob @trail.test", "+431 work",
            "left out roles of bob @trail.test that there are not",
            "disabled bob @trail.test", "restored bob @trail.test over SCIM", "deleted bob @trail.test over SCIM")
            .doesNotContain("urn:ietf", "profile_changed", "{\"");
    }
}
