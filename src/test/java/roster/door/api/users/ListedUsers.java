package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import roster.support.Answer;
import roster.support.TestUser;

/// The list of users, as tests ask for it.
final class ListedUsers {
    private ListedUsers() {}

    static Answer list(TestUser caller, String query) {
        return caller.get("/api/v2/users?" + query);
    }

    static List<String> emails(TestUser caller, String query) {
        var answer = list(caller, query);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.each("/data", "/attributes/email");
    }

    static List<String> names(TestUser caller, String query) {
        return list(caller, query).each("/data", "/attributes/name");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// @param name null for none
    static String add(TestUser caller, String email, String name) {
        var answer = caller.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s","name":%s}}}
            """.formatted(email, name == null ? "null" : '"' + name + '"'));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.id();
    }

    static long total(Answer answer) {
        return answer.at("/meta/page/total_count").asLong();
    }

    static long filtered(Answer answer) {
        return answer.at("/meta/page/total_filtered_count").asLong();
    }
}
