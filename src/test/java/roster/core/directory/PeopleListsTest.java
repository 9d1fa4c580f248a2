package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.model.Refused;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Pages of people to look at, and the places that addresses name.
@Timeout(60)
class PeopleListsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final DirectoryFeature directory = roster.program().directory;
    private final TestOrg org = roster.newOrg("acme");

    private static PeopleQuery query(Map<String, String> words) {
        return PeopleWords.read(word -> Optional.ofNullable(words.get(word)), Kind.PEOPLE);
    }

    private PeopleList list(PeopleQuery query, Place place) {
        return directory.directory.readNow(org.id(), view -> directory.people.list(view, org.id(),
            new PeopleRequest(query, place, 2, Instant.now(), ZoneOffset.UTC)));
    }

    private List<String> emails(PeopleList list) {
        return list.users().stream().map(user -> user.user().email()).toList();
    }

    private Place after(PeopleQuery query, PeopleList list) {
        return directory.people.place(org.id(), query, list.after(), Optional.empty());
    }

    private Place before(PeopleQuery query, PeopleList list) {
        return directory.people.place(org.id(), query, Optional.empty(), list.before());
    }

    private void disable(String email) {
        var id = org.founder().get("/api/v2/users?filter=" + email).at("/data/0/id").asString();
        assertThat(org.founder().delete("/api/v2/users/" + id).status()).isEqualTo(204);
    }

    @Test
    void pages_have_ranks_and_lead_to_the_end_and_back() {
        for (int i = 0; i < 5; i++) {
            org.newPending("u" + i + "@acme.test");
        }
        var query = query(Map.of("sort", "email", "status", "pending"));
        var first = list(query, Place.FIRST);
        var second = list(query, after(query, first));
        var end = list(query, directory.people.place(org.id(), query, Optional.empty(), Optional.of("end")));

        assertThat(emails(first)).containsExactly("u0@acme.test", "u1@acme.test");
        assertThat(first.before()).isEmpty();
        assertThat(List.of(first.rank(), first.lastRank(), first.matching(), first.all(), first.version()))
            .containsExactly(1L, 2L, 5L, 6L, org.version());
        assertThat(List.of(second.rank(), second.lastRank())).containsExactly(3L, 4L);
        assertThat(emails(end)).containsExactly("u4@acme.test");
        assertThat(List.of(end.rank(), end.lastRank())).containsExactly(5L, 5L);
        assertThat(end.after()).isEmpty();
        assertThat(list(query, before(query, end)).rank()).isEqualTo(3);
    }

    @Test
    void in_the_place_of_a_page_that_all_have_left_is_the_one_that_is_left() {
        for (int i = 0; i < 5; i++) {
            org.newPending("u" + i + "@acme.test");
        }
        var query = query(Map.of("sort", "email", "status", "pending"));
        var second = list(query, after(query, list(query, Place.FIRST)));
        disable("u0@acme.test");
        disable("u4@acme.test");

        assertThat(emails(list(query, after(query, second)))).containsExactly("u3@acme.test");
        assertThat(emails(list(query, before(query, second)))).containsExactly("u1@acme.test", "u2@acme.test");
        for (var email : List.of("u1@acme.test", "u2@acme.test", "u3@acme.test")) {
            disable(email);
        }
        assertThat(list(query, after(query, second)).rank()).isZero();
        assertThat(list(query, before(query, second)).users()).isEmpty();
    }

    @Test
    void a_place_of_another_query_is_the_first_page_and_a_damaged_one_is_refused() {
        for (int i = 0; i < 5; i++) {
            org.newPending("u" + i + "@acme.test");
        }
        var query = query(Map.of("sort", "email"));
        var page = list(query, Place.FIRST);

        assertThat(after(query(Map.of("sort", "email", "q", "u")), page)).isEqualTo(Place.FIRST);
        assertThat(after(query(Map.of("sort", "-email")), page)).isEqualTo(Place.FIRST);
        assertThat(after(query(Map.of("sort", "email", "kind", "people")), page)).isInstanceOf(Place.After.class);
        for (var damaged : List.of("x", page.after().orElseThrow() + "A", "end")) {
            assertThatThrownBy(
                () -> directory.people.place(org.id(), query, Optional.of(damaged), Optional.empty()))
                .isInstanceOf(Refused.class);
        }
        assertThatThrownBy(() -> directory.people.place(org.id(), query, Optional.empty(), Optional.of("x")))
            .isInstanceOf(Refused.class);
        assertThatThrownBy(() -> directory.people.place(org.id(), query, page.after(), Optional.of("end")))
            .isInstanceOf(Refused.class);
        assertThatThrownBy(
            () -> directory.people.place(roster.newOrg("other").id(), query, page.after(), Optional.empty()))
            .isInstanceOf(Refused.class);
    }

    @Test
    void words_say_a_query_and_equal_queries_have_equal_words() {
        var words = Map.of("q", "Ann", "status", "Disabled, active,ACTIVE", "role",
            "none,99999999-5a4e-11f1-9c1b-0242ac120002,77AA2F0E-5a4e-11f1-9c1b-0242ac120002", "kind", "both", "seen",
            "90d,never", "mfa", "no", "added_from", "2026-11-01", "added_to", "2026-11-30", "sort", "-last_sign_in");

        assertThat(PeopleWords.of(query(words), Kind.PEOPLE).toString()).isEqualTo("{q=Ann, status=active,disabled, "
            + "role=77aa2f0e-5a4e-11f1-9c1b-0242ac120002,99999999-5a4e-11f1-9c1b-0242ac120002,none, kind=both, "
            + "seen=never,90d, mfa=no, added_from=2026-11-01, added_to=2026-11-30, sort=-last_sign_in}");
        assertThat(query(PeopleWords.of(query(words), Kind.PEOPLE))).isEqualTo(query(words));
        assertThat(PeopleWords.of(query(Map.of("kind", "people", "sort", "name")), Kind.PEOPLE)).isEmpty();
    }
}
