package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.users.ListedUsers.add;
import static roster.door.api.users.ListedUsers.emails;
import static roster.door.api.users.ListedUsers.names;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `sort` and `sort_dir` of the list of users.
class ListUsersSortTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// The founder goes by the name of `founder@<name>.test`, which sorts and matches accordingly.
    private static TestUser founder() {
        return roster.newOrg("zz").founder();
    }

    @Test
    void names_sort_without_regard_to_case_and_nameless_people_by_their_address() {
        var ada = founder();
        add(ada, "1@acme.test", "bob");
        add(ada, "2@acme.test", "Ada");
        add(ada, "3@acme.test", "BOB B");
        add(ada, "carl@acme.test", null);
        add(ada, "abe@acme.test", "");
        add(ada, "4@acme.test", "Dora");

        assertThat(emails(ada, "")).containsExactly("abe@acme.test", "2@acme.test", "1@acme.test", "3@acme.test",
            "carl@acme.test", "4@acme.test", "founder@zz.test");
    }

    @Test
    void names_in_any_script_sort_by_code_point() {
        var ada = founder();
        var inOrder = List.of("Zoe", "Zoé", "émile", "Ωmega", "яна", "李", "\ufb00", "😀");
        for (var name : inOrder.reversed()) {
            add(ada, "%d@acme.test".formatted(inOrder.indexOf(name)), name);
        }

        assertThat(names(ada, "filter=acme")).isEqualTo(inOrder);
        assertThat(names(ada, "filter=acme&sort=-name")).isEqualTo(inOrder.reversed());
    }

    @Test
    void equal_names_sort_by_address() {
        var ada = founder();
        add(ada, "c@acme.test", "Ann");
        add(ada, "a@acme.test", "ANN");
        add(ada, "b@acme.test", "ann");

        assertThat(emails(ada, "filter=ann")).containsExactly("a@acme.test", "b@acme.test", "c@acme.test");
    }

    @ParameterizedTest
    @CsvSource({"sort=email, a b founder", "sort=-email, founder b a", "sort=email&sort_dir=desc, founder b a",
        "sort_dir=desc&sort=handle, founder b a", "sort=-email&sort_dir=asc, founder b a",
        "sort=email&sort_dir=asc, a b founder", "sort=handle, a b founder", "sort=created_at, founder b a",
        "sort=-created_at, a b founder", "sort=modified_at, founder a b", "sort=-modified_at, b a founder",
        "sort=status, founder b a", "sort=-status, a b founder", "sort=title, founder b a", "sort=name, b a founder",
        "sort=user_count, b a founder", "sort=-user_count, founder a b", "sort_dir=desc, founder a b",
        "sort_dir=asc, b a founder", "sort=, b a founder", "sort_dir=, b a founder",
        "sort=-name&sort=email, founder a b"})
    void lists_sort_by(String query, String order) {
        var ada = founder();
        var b = add(ada, "b@acme.test", "Anton");
        var a = add(ada, "a@acme.test", "Berta");
        ada.patch("/api/v2/users/" + b, """
            {"data":{"type":"users","id":"%s","attributes":{"title":"Assistant"}}}
            """.formatted(b));
        ada.patch("/api/v2/users/" + a, """
            {"data":{"type":"users","id":"%s","attributes":{"title":"baker"}}}
            """.formatted(a));
        ada.delete("/api/v2/users/" + b);

        assertThat(emails(ada, query).stream().map(email -> email.substring(0, email.indexOf('@'))))
            .containsExactly(order.split(" "));
    }
}
