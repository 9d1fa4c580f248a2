package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.OWN_PATH;
import static roster.support.Inviting.PATH;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.TestRoster;
import roster.support.TestUser;

class ListInvitationsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void an_entry_is_what_the_contract_shows_and_what_became_of_it() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        var listed = list(ada, Map.of());
        var read = ada.get(PATH + "/" + id);

        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.json().propertyNames()).containsExactly("data", "meta");
        assertThat(listed.at("/data/0/attributes").propertyNames()).containsExactly("uuid", "login_method",
            "invite_type", "created_at", "expires_at", "email", "state", "generation", "accepted_at", "cancelled_at");
        for (var name : read.at("/data/attributes").propertyNames()) {
            assertThat(listed.at("/data/0/attributes/" + name)).isEqualTo(read.at("/data/attributes/" + name));
        }
        assertThat(listed.text("/data/0/attributes/email")).isEqualTo("bob@acme.test");
        assertThat(listed.text("/data/0/attributes/state")).isEqualTo("open");
        assertThat(listed.text("/data/0/relationships/inviter/data/id")).isEqualTo(ada.id());
    }

    @Test
    void each_state_is_told_counted_and_filtered_by() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var ids = new TreeMap<String, String>();
        for (var state : List.of("open", "used", "expired", "cancelled", "other_address", "user_disabled")) {
            var user = org.newPending(state + "@acme.test").id();
            var id = invited(ada, user);
            ids.put(state, id);
            switch (state) {
                case "used" -> Inviting.accept(roster, Inviting.link(org, id));
                case "expired" -> Inviting.expire(org, id);
                case "cancelled" -> ada.delete(OWN_PATH + "/" + id);
                case "other_address" -> ada.patch("/api/v2/users/" + user, """
                    {"data":{"type":"users","id":"%s","attributes":{"email":"moved@acme.test"}}}""".formatted(user));
                case "user_disabled" -> ada.delete("/api/v2/users/" + user);
                default -> {
                }
            }
        }

        ids.forEach((state, id) -> {
            var listed = list(ada, Map.of("filter[state]", state));
            assertThat(listed.each("/data", "/id")).as(state).containsExactly(id);
            assertThat(listed.text("/data/0/attributes/state")).isEqualTo(state);
            assertThat(counts(listed)).containsExactly(6, 1);
        });
        var some = list(ada, Map.of("filter[state]", "Open, EXPIRED"));
        assertThat(some.each("/data", "/id")).containsExactlyInAnyOrder(ids.get("open"), ids.get("expired"));
        assertThat(counts(some)).containsExactly(6, 2);
        assertThat(counts(list(ada, Map.of()))).containsExactly(6, 6);
    }

    @Test
    void it_filters_by_inviter_user_and_address() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var sam = org.newStandard("sam@acme.test");
        var bob = org.newPending("bob@acme.test").id();
        var sigma = org.newPending("Σίσυφος@acme.test").id();
        var byAda = invited(ada, bob);
        var bySam = invite(sam, bob, sigma).each("/data", "/id");
        var byCli =
            org.write(tx -> roster.program().invitation.invitations.send(tx, List.of(bob.toString()))).getFirst().id();

        assertThat(ids(list(ada, Map.of("filter[inviter]", ada.id())))).containsExactly(byAda);
        assertThat(ids(list(ada, Map.of("filter[inviter]", sam.id().toUpperCase(Locale.ROOT)))))
            .containsExactlyInAnyOrderElementsOf(bySam);
        assertThat(ids(list(ada, Map.of("filter[user]", bob.toString()))))
            .containsExactlyInAnyOrder(byAda, bySam.getFirst(), byCli.toString());
        assertThat(ids(list(ada, Map.of("filter", "ΣΊΣ")))).containsExactly(bySam.getLast());
        assertThat(ids(list(ada, Map.of("filter", "BOB@", "filter[inviter]", sam.id()))))
            .containsExactly(bySam.getFirst());
        assertThat(counts(list(ada, Map.of("filter", "%")))).containsExactly(4, 0);
        assertThat(counts(list(ada, Map.of("filter[inviter]", UUID.randomUUID().toString())))).containsExactly(4, 0);
        assertThat(list(ada, Map.of("sort", "created_at")).at("/data/3/relationships").propertyNames())
            .containsExactly("user");
    }

    @Test
    void it_filters_by_how_the_newest_email_fared() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var ids = new TreeMap<String, String>();
        for (var state : List.of("queued", "sent", "deferred", "failed", "bounced")) {
            var id = invited(ada, org.newPending(state + "@acme.test").id());
            ids.put(state, id);
            roster.sql("UPDATE letters SET state = ? WHERE org_id = ? AND subject_id = ?", state, org.id().value(),
                UUID.fromString(id));
        }
        var expired = invited(ada, org.newPending("expired@acme.test").id());
        Inviting.expire(org, expired);

        ids.forEach((state, id) -> {
            var listed = list(ada, Map.of("filter[delivery]", state));
            assertThat(listed.each("/data", "/id")).as(state).containsExactly(id);
            assertThat(counts(listed)).containsExactly(6, 1);
        });
        assertThat(ids(list(ada, Map.of("filter[delivery]", "Failed, BOUNCED"))))
            .containsExactlyInAnyOrder(ids.get("failed"), ids.get("bounced"));
        assertThat(ids(list(ada, Map.of("filter[delivery]", "failed,sent", "filter", "sent"))))
            .containsExactly(ids.get("sent"));
        assertThat(counts(list(ada, Map.of("filter[delivery]", "queued", "filter[state]", "expired"))))
            .containsExactly(6, 0);
        assertThat(list(ada, Map.of("filter[delivery]", "accepted")).errors())
            .containsExactly("The value provided for parameter 'filter[delivery]' is invalid");
    }

    @Test
    void pages_hold_every_invitation_once_in_the_order_asked_for() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var sent = new ArrayList<String>();
        for (var name : List.of("eve", "bob", "dan", "cat", "fay")) {
            sent.add(invited(ada, org.newPending(name + "@acme.test").id()));
        }

        var walked = new ArrayList<String>();
        for (var number = 0; number < 4; number++) {
            var page = list(ada, Map.of("page[size]", "2", "page[number]", Integer.toString(number)));
            assertThat(counts(page)).containsExactly(5, 5);
            walked.addAll(ids(page));
        }
        assertThat(walked).isEqualTo(sent.reversed());
        assertThat(ids(list(ada, Map.of("sort", "created_at")))).isEqualTo(sent);
        assertThat(list(ada, Map.of("sort", "email")).each("/data", "/attributes/email")).containsExactly(
            "bob@acme.test", "cat@acme.test", "dan@acme.test", "eve@acme.test", "fay@acme.test");
        assertThat(ids(list(ada, Map.of("sort", "-expires_at")))).isEqualTo(sent.reversed());
    }

    @Test
    void another_organisations_invitations_are_not_seen_whatever_is_asked_for() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var other = roster.newOrg("other").newAdmin("ada@other.test");
        var theirs = other.org().newPending("bob@other.test").id();
        invited(other, theirs);

        for (var filter : List.of(Map.<String, String>of(), Map.of("filter[inviter]", other.id()),
            Map.of("filter[user]", theirs.toString()), Map.of("filter", "bob"), Map.of("filter[state]", "open"))) {
            assertThat(counts(list(ada, filter))).containsExactly(0, 0);
        }
    }

    @Test
    void a_parameter_that_cannot_be_is_named() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");

        for (var bad : Map
            .of("page[size]", "101", "page[number]", "-1", "sort", "name", "filter[state]", "open,pending",
                "filter[inviter]", "ada", "filter[user]", "1-1-1-1-1")
            .entrySet()) {
            var answer = list(ada, Map.of(bad.getKey(), bad.getValue()));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errors()).containsExactly(
                "The value provided for parameter '%s' is invalid".formatted(bad.getKey()));
        }
    }

    private static Answer list(TestUser user, Map<String, String> parameters) {
        var query = new ArrayList<String>();
        parameters.forEach((name, value) -> query.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return user.get(OWN_PATH + "?" + String.join("&", query));
    }

    private static List<String> ids(Answer answer) {
        return answer.each("/data", "/id");
    }

    /// Total and filtered.
    private static List<Integer> counts(Answer answer) {
        return List.of(answer.at("/meta/page/total_count").asInt(),
            answer.at("/meta/page/total_filtered_count").asInt());
    }
}
