package roster.core.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.OWN_PATH;
import static roster.support.Inviting.invite;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.index.InvitationQuery;
import roster.core.index.InvitationQuery.Sort;
import roster.core.index.InvitationRequest.Choice;
import roster.core.index.PeopleRequest.Place;
import roster.model.Invitation.State;
import roster.model.Paging;
import roster.model.User;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Lists from memory are those that SQL gives, whatever happened to the organisation in between.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InvitationListTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<Optional<String>> TEXTS = List.of(Optional.empty(), Optional.of("b@"), Optional.of("ΣΊΣ"),
        Optional.of("@other"), Optional.of("nowhere"), Optional.of(""));

    private static InvitationList list() {
        return roster.program().invitation.list;
    }

    private static void same(TestOrg org, InvitationList list, InvitationQuery query, Object when) {
        var memory = list.page(org.id(), query);
        var sql = Await.read(roster.db(), tx -> InvitationList.bySql(tx, org.id(), query));
        assertThat(memory).as("%s: %s", when, query).isEqualTo(sql);
    }

    /// The list of the console.
    private static void sameTracked(TestOrg org, InvitationQuery query, Object when) {
        var tracked = roster.program().invitation.tracked;
        var fates = query.choice().isEmpty() ? Set.<Fate>of() : Set.of(Fate.QUEUED, Fate.ACCEPTED, Fate.CANCELLED);
        var search =
            new InvitationSearch(query.address(), fates, query.inviter(), Optional.empty(), false, query.sort(),
                query.descending());
        for (var place : List.of(Place.FIRST, Place.END)) {
            var memory = tracked.list(org.id(), search, place, query.paging().size(), ZoneOffset.UTC);
            var sql = roster.db()
                .read(tx -> tracked.bySql(tx, org.id(), search, place, query.paging().size(), ZoneOffset.UTC));
            assertThat(memory).as("%s: %s", when, search).isEqualTo(sql);
        }
    }

    /// Every sort, and filters of each kind.
    private static List<InvitationQuery> queries(TestUser ada, List<String> users, Random random) {
        var all = new ArrayList<InvitationQuery>();
        for (var sort : Sort.values()) {
            for (var text : TEXTS) {
                all.add(query(text, Optional.empty(), Optional.empty(), Optional.empty(), sort, random));
            }
            for (var state : State.values()) {
                all.add(
                    query(Optional.empty(), Optional.of(EnumSet.of(state)), Optional.empty(), Optional.empty(), sort,
                        random));
            }
            all.add(query(Optional.empty(), Optional.empty(), Optional.of(ada.id()), Optional.empty(), sort, random));
            all.add(
                query(Optional.empty(), Optional.empty(), Optional.of(UUID.randomUUID().toString()), Optional.empty(),
                    sort, random));
            all.add(query(Optional.of("@"), Optional.of(EnumSet.of(State.OPEN, State.USED)), Optional.of(ada.id()),
                Optional.of(users.get(random.nextInt(users.size()))), sort, random));
        }
        return all;
    }

    private static InvitationQuery query(Optional<String> text, Optional<Set<State>> states, Optional<String> inviter,
        Optional<String> user, Sort sort, Random random) {
        return new InvitationQuery(text, states.map(Choice::of), inviter.map(InvitationListTest::id),
            user.map(InvitationListTest::id),
            sort, random.nextBoolean(), new Paging(1 + random.nextInt(20), random.nextInt(4)));
    }

    private static User.Id id(String text) {
        return new User.Id(UUID.fromString(text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void memory_and_sql_give_the_same_pages_after_every_change(long seed) {
        var random = new Random(seed);
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var users = new ArrayList<String>();
        for (var name : List.of("b", "σίσυφος", "c", "bb", "d")) {
            users.add(org.newPending(name + "@acme.test").id().toString());
        }
        for (int step = 0; step < 30; step++) {
            var happened = happens(ada, users, random);
            for (var query : random.nextInt(4) == 0 ? queries(ada, users, random) : List.<InvitationQuery>of()) {
                same(org, list(), query, "step %d of seed %d, %s".formatted(step, seed, happened));
                sameTracked(org, query, "step %d of seed %d, %s".formatted(step, seed, happened));
            }
        }
    }

    private static String happens(TestUser ada, List<String> users, Random random) {
        var user = users.get(random.nextInt(users.size()));
        var invitations = ada.get(OWN_PATH + "?page%5Bsize%5D=100").each("/data", "/id");
        var some = invitations.isEmpty() ? Optional.<String>empty()
            : Optional.of(invitations.get(random.nextInt(invitations.size())));
        var what = random.nextInt(12);
        switch (what) {
            case 0, 1, 2 -> invite(ada, id(user));
            case 3 -> some.ifPresent(one -> ada.delete(OWN_PATH + "/" + one));
            case 4 -> some.ifPresent(one -> ada.post(OWN_PATH + "/" + one + "/resend", null));
            case 5 -> ada.delete("/api/v2/users/" + user);
            case 6 -> changed(ada, user, "\"disabled\":false");
            case 7 -> changed(ada, user,
                "\"email\":\"%s\""
                    .formatted(List.of("x@other.test", "b@acme.test", "y@other.test").get(random.nextInt(3))));
            case 8 -> some.ifPresent(one -> Inviting.expire(ada.org(), one));
            case 9 -> changed(ada, user, "\"title\":\"%d\"".formatted(random.nextInt()));
            case 10 -> users.add(ada.org().newPending(random.nextInt() + "b@acme.test").id().toString());
            default -> {
                if (random.nextInt(3) == 0) {
                    ada.send("PUT", "/api/v2/anonymize_users", """
                        {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}"""
                        .formatted(user));
                } else {
                    ada.delete("/api/v2/users/" + user + "/invitations");
                }
            }
        }
        return "after " + what;
    }

    private static void changed(TestUser ada, String user, String attribute) {
        ada.patch("/api/v2/users/" + user, """
            {"data":{"type":"users","id":"%s","attributes":{%s}}}""".formatted(user, attribute));
    }

    @Test
    void an_accepted_one_a_hand_edit_and_another_history_are_taken_over() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var bob = org.newPending("bob@acme.test").id();
        var sent = invite(ada, bob, bob).each("/data", "/id");
        var all = new InvitationQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            Sort.CREATED_AT, true, new Paging(10, 0));
        same(org, list(), all, "sent");
        Inviting.accept(roster, Inviting.link(org, sent.getFirst()));
        same(org, list(), all, "accepted");

        roster.sql("DELETE FROM invitations WHERE id = ?", UUID.fromString(sent.getLast()));
        roster.sql("SELECT roster_touch(?, 'one is gone')", org.id().value());
        same(org, list(), all, "edited by hand");

        roster.sql("UPDATE invitations SET email = 'eve@acme.test' WHERE org_id = ?", org.id().value());
        roster.sql("UPDATE audit_entries SET stamp = stamp + 1 WHERE org_id = ?", org.id().value());
        roster.sql("UPDATE orgs SET stamp = stamp + 1 WHERE id = ?", org.id().value());
        same(org, list(), all, "as restored, with another history of the same length");
    }

    @Test
    void what_does_not_fit_into_memory_is_listed_by_sql() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var bob = org.newPending("bob@acme.test").id();
        invite(ada, bob, bob, bob);
        var small = new InvitationList(roster.db(), new InvitationCache(roster.db(), 400));
        var smaller = new InvitationList(roster.db(), new InvitationCache(roster.db(), 700));

        IntStream.range(0, 3).forEach(number -> {
            for (var list : List.of(small, smaller)) {
                same(org, list, new InvitationQuery(Optional.of("bob"), Optional.empty(), Optional.empty(),
                    Optional.empty(), Sort.EMAIL, false, new Paging(1, number)), "small");
            }
        });
    }
}
