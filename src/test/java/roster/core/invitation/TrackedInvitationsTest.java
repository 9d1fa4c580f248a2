package roster.core.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static roster.support.Inviting.OWN_PATH;
import static roster.support.Inviting.invited;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.secret.CursorCodec;
import roster.core.index.InvitationQuery.Sort;
import roster.core.index.PeopleRequest.Place;
import roster.core.invitation.TrackedInvitations.Listed;
import roster.model.Invitation.State;
import roster.model.Invitation;
import roster.model.Refused;
import roster.model.User;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The list of invitations with how their e-mails fared: exact, the same from memory and from SQL, and paged both ways.
@Timeout(120)
class TrackedInvitationsTest {
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final InvitationSearch ALL = InvitationSearch.read(_ -> Optional.empty());

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static TestUser ada;
    private static TestUser sam;
    private static final Map<Fate, List<String>> IDS = new EnumMap<>(Fate.class);

    /// Three invitations of each fate, and what else counts as cancelled.
    @BeforeAll
    static void seed() {
        org = roster.newOrg("tracked");
        ada = org.newAdmin("ada@tracked.test");
        sam = org.newStandard("sam@tracked.test");
        for (var fate : Fate.values()) {
            for (var i = 0; i < 3; i++) {
                make(fate, i == 0 ? sam : ada, "%s%d@%s.test".formatted(fate.word(), i, i == 1 ? "σίσυφος" : "people"));
            }
        }
        var disabled = org.newPending("disabled@people.test").id();
        IDS.get(Fate.CANCELLED).add(invited(ada, disabled));
        ada.delete("/api/v2/users/" + disabled);
    }

    private static void make(Fate fate, TestUser by, String address) {
        var id = invited(by, org.newPending(address).id());
        IDS.computeIfAbsent(fate, _ -> new ArrayList<>()).add(id);
        switch (fate) {
            case QUEUED -> {
            }
            case SENT, DEFERRED, BOUNCED -> letter(id, fate.word());
            case FAILED -> letter(id, address.startsWith("failed2") ? "dropped" : "failed");
            case ACCEPTED -> Inviting.accept(roster, Inviting.link(org, id));
            case EXPIRED -> {
                letter(id, "failed");
                Inviting.expire(org, id);
            }
            case CANCELLED -> ada.delete(OWN_PATH + "/" + id);
        }
    }

    private static void letter(String invitation, String state) {
        roster.sql("UPDATE letters SET state = ?, last_error = 'said so' WHERE org_id = ? AND subject_id = ?", state,
            org.id().value(), UUID.fromString(invitation));
    }

    private static TrackedInvitations tracked() {
        return roster.program().invitation.tracked;
    }

    private static Listed list(InvitationSearch search, Place place, int rows) {
        var memory = tracked().list(org.id(), search, place, rows, ZONE);
        var sql = roster.db().read(tx -> tracked().bySql(tx, org.id(), search, place, rows, ZONE));
        assertThat(memory).as("%s at %s", search, place).isEqualTo(sql);
        return memory;
    }

    private static List<String> ids(Listed listed) {
        return listed.items().stream().map(one -> one.invitation().id().toString()).toList();
    }

    private static InvitationSearch of(Fate... fates) {
        return new InvitationSearch(Optional.empty(), Set.of(fates), Optional.empty(), Optional.empty(), false,
            Sort.CREATED_AT, true);
    }

    @ParameterizedTest
    @EnumSource
    void each_fate_is_listed_counted_and_told(Fate fate) {
        var listed = list(of(fate), Place.FIRST, 25);

        assertThat(ids(listed)).containsExactlyInAnyOrderElementsOf(IDS.get(fate));
        assertThat(listed.items()).allMatch(one -> one.fate() == fate);
        assertThat(listed.matching()).isEqualTo(IDS.get(fate).size());
        assertThat(listed.all()).isEqualTo(25);
        assertThat(listed.byState()).containsEntry(State.OPEN, 15L).containsEntry(State.USED, 3L)
            .containsEntry(State.EXPIRED, 3L).containsEntry(State.CANCELLED, 3L).containsEntry(State.USER_DISABLED, 1L)
            .containsEntry(State.OTHER_ADDRESS, 0L);
        assertThat(tracked().matching(org.id(), of(fate), ZONE)).map(Invitation.Id::toString)
            .containsExactlyInAnyOrderElementsOf(IDS.get(fate));
    }

    private static long attention(TestOrg of) {
        return roster.db().read(tx -> InvitationFigures.attentionLater(tx, of.id()).get());
    }

    @Test
    void several_fates_are_listed_together() {
        for (var fates : List.of(Fate.OPEN, Fate.ATTENTION, Set.of(Fate.SENT, Fate.FAILED, Fate.EXPIRED),
            Set.of(Fate.QUEUED, Fate.CANCELLED))) {
            var expected = fates.stream().flatMap(fate -> IDS.get(fate).stream()).toList();
            assertThat(ids(list(of(fates.toArray(Fate[]::new)), Place.FIRST, 25))).as("%s", fates)
                .containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(attention(org)).isEqualTo(9);
    }

    @Test
    void what_fares_otherwise_without_a_version_is_seen_at_once() {
        var other = roster.newOrg("unversioned");
        var id = invited(other.founder(), other.newPending("bob@people.test").id());
        var list = tracked().list(other.id(), of(Fate.DEFERRED), Place.FIRST, 25, ZONE);
        assertThat(list.items()).isEmpty();
        roster.sql("UPDATE letters SET state = 'deferred' WHERE org_id = ?", other.id().value());
        assertThat(ids(tracked().list(other.id(), of(Fate.DEFERRED), Place.FIRST, 25, ZONE))).containsExactly(id);
        other.founder().post(OWN_PATH + "/" + id + "/resend", null);
        assertThat(ids(tracked().list(other.id(), of(Fate.QUEUED), Place.FIRST, 25, ZONE)))
            .as("the newest e-mail counts").containsExactly(id);
        assertThat(attention(other)).isZero();
    }

    @Test
    void it_is_filtered_by_address_id_sender_day_and_end() {
        assertThat(ids(list(text("BOUNCED"), Place.FIRST, 25))).hasSize(3);
        assertThat(ids(list(text("ΣΊΣ"), Place.FIRST, 25))).hasSize(8);
        assertThat(ids(list(text("@people"), Place.FIRST, 25))).hasSize(17);
        assertThat(ids(list(text("%"), Place.FIRST, 25))).isEmpty();
        var id = IDS.get(Fate.SENT).getFirst();
        assertThat(ids(list(text(id.toUpperCase(Locale.ROOT)), Place.FIRST, 25))).containsExactly(id);
        var user = list(text(id), Place.FIRST, 25).items().getFirst().invitation().user();
        assertThat(ids(list(text(user.toString()), Place.FIRST, 25))).containsExactly(id);
        assertThat(ids(list(text(UUID.randomUUID().toString()), Place.FIRST, 25))).isEmpty();

        var sender = new InvitationSearch(Optional.empty(), Fate.ATTENTION, Optional.of(new User.Id(UUID.fromString(
            sam.id()))), Optional.empty(), false, Sort.EMAIL, false);
        var bySam = list(sender, Place.FIRST, 25);
        assertThat(bySam.items()).map(one -> one.invitation().email())
            .containsExactly("bounced0@people.test", "deferred0@people.test", "failed0@people.test");
        assertThat(bySam.byState()).containsEntry(State.OPEN, 5L).containsEntry(State.USED, 1L);

        var today = LocalDate.now(ZONE);
        assertThat(list(since(today.minusDays(1), false), Place.FIRST, 25).matching()).isEqualTo(25);
        assertThat(list(since(today.plusDays(2), false), Place.FIRST, 25).matching()).isZero();
        assertThat(list(since(today.minusDays(1), true), Place.FIRST, 25).items())
            .as("all others end in two days").map(Tracked::fate).containsOnly(Fate.EXPIRED).hasSize(3);
    }

    private static InvitationSearch text(String text) {
        return new InvitationSearch(Optional.of(text), Set.of(), Optional.empty(), Optional.empty(), false,
            Sort.CREATED_AT, true);
    }

    private static InvitationSearch since(LocalDate day, boolean endingSoon) {
        return new InvitationSearch(Optional.empty(), Set.of(), Optional.empty(), Optional.of(day), endingSoon,
            Sort.CREATED_AT, true);
    }

    @ParameterizedTest
    @EnumSource
    void pages_follow_each_other_both_ways(Sort sort) {
        for (var descending : List.of(true, false)) {
            for (var fates : List.of(Set.<Fate>of(), Fate.OPEN, Set.of(Fate.SENT, Fate.FAILED, Fate.CANCELLED))) {
                var search = new InvitationSearch(Optional.empty(), fates, Optional.empty(), Optional.empty(), false,
                    sort, descending);
                var whole = ids(list(search, Place.FIRST, 100));
                var forwards = new ArrayList<String>();
                var page = list(search, Place.FIRST, 4);
                assertThat(page.before()).isEmpty();
                for (;; page = list(search, at(search, page.after(), Optional.empty()), 4)) {
                    assertThat(page.rank()).isEqualTo(forwards.size() + 1L);
                    forwards.addAll(ids(page));
                    assertThat(page.lastRank()).isEqualTo(forwards.size());
                    if (page.after().isEmpty()) {
                        break;
                    }
                }
                assertThat(forwards).as("%s", search).isEqualTo(whole).hasSize((int) page.matching());
                assertThat(list(search, Place.END, 4)).isEqualTo(page);
                var backwards = new ArrayList<>(ids(page));
                while (page.before().isPresent()) {
                    page = list(search, at(search, Optional.empty(), page.before()), 4);
                    backwards.addAll(0, ids(page));
                }
                assertThat(backwards).as("%s, backwards", search).isEqualTo(whole);
                assertThat(new HashSet<>(whole)).hasSameSizeAs(whole);
            }
        }
    }

    private static Place at(InvitationSearch search, Optional<String> after, Optional<String> before) {
        return tracked().place(org.id(), search, after, before);
    }

    @Test
    void a_place_of_another_search_or_organisation_means_nothing() {
        var place = list(ALL, Place.FIRST, 4).after();
        assertThat(at(ALL, place, Optional.empty())).isInstanceOf(Place.After.class);
        assertThat(at(text("x"), place, Optional.empty())).isEqualTo(Place.FIRST);
        assertThat(place.orElseThrow()).doesNotContain("@");
        var other = roster.newOrg("elsewhere").id();
        assertThatThrownBy(() -> tracked().place(other, ALL, place, Optional.empty())).isInstanceOf(Refused.class);
    }

    @Test
    void what_does_not_fit_into_memory_is_listed_by_sql() {
        var small = new TrackedInvitations(roster.db(), new InvitationCache(roster.db(), 400),
            roster.program().invitation.invitations, roster.program().mail.deliveries,
            new CursorCodec(roster.program().kernel().secrets()));
        assertThat(small.list(org.id(), of(Fate.BOUNCED), Place.FIRST, 2, ZONE))
            .isEqualTo(list(of(Fate.BOUNCED), Place.FIRST, 2));
        assertThat(small.matching(org.id(), ALL, ZONE)).hasSize(25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "state=open", "state=failed,bounced", "state=open,expired", "q=a&sort=expires",
        "sort=-address", "sent_from=2026-11-29&expires=1d&sort=sent"})
    void words_say_what_is_meant(String query) {
        var words = new LinkedHashMap<String, String>();
        for (var pair : query.split("&")) {
            if (!pair.isEmpty()) {
                words.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        var search = InvitationSearch.read(word -> Optional.ofNullable(words.get(word)));
        assertThat(search.words()).isEqualTo(words);
    }
}
