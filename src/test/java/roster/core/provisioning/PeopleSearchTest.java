package roster.core.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.scim.SortOrder;
import roster.base.source.Ids;
import roster.core.directory.DirectoryCache;
import roster.core.directory.UserLists;
import roster.core.provisioning.PeopleSearch.Found;
import roster.core.provisioning.PeopleSearch.Query;
import roster.model.Caller;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.User;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Lists of people where there is no memory, or no time, for them.
class PeopleSearchTest {
    private static final long MUCH = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(5);

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final TestOrg org = roster.newOrg("acme");

    private static PeopleSearch search(long orderBytes, long scannedBytes, Duration most) {
        return search(orderBytes, scannedBytes, () -> most);
    }

    private static PeopleSearch search(long orderBytes, long scannedBytes, Supplier<Duration> most) {
        var scans = new PeopleScans(roster.db(), most);
        var rows = new ProvisionedUserRows();
        return new PeopleSearch(roster.db(), rows, new PeopleOrders(roster.db(), scans, orderBytes), scans,
            lookUps(roster.program().directory.directory, MUCH), scannedBytes);
    }

    private Found list(PeopleSearch search, String filter, String sortBy, ListPart part) {
        return search.list(org.id(), new Query(
            Optional.of(filter).filter(text -> !text.isEmpty()).map(text -> Filter.parse(ResourceType.USER, text)),
            SortOrder.parse(ResourceType.USER, PeopleSearch.SORTABLE, sortBy, false), part,
            user -> user.searchable().values()));
    }

    private List<User.Id> walked(PeopleSearch search, String filter, String sortBy) {
        var all = new ArrayList<User.Id>();
        for (var at = Optional.of(new byte[0]); at.isPresent();) {
            var found = list(search, filter, sortBy, new ListPart(at, 0, 3));
            found.users().forEach(user -> all.add(user.person().id()));
            at = found.next();
        }
        return all;
    }

    private static void tooMany(ThrowingCallable listing) {
        assertThatThrownBy(listing).isInstanceOfSatisfying(Refused.class,
            refused -> assertThat(refused.problem()).isInstanceOfSatisfying(BadScim.class,
                problem -> assertThat(problem.type()).isEqualTo(ScimType.TOO_MANY)));
    }

    @Test
    void without_memory_people_are_listed_all_the_same_but_not_sorted() {
        var ids = Stream.concat(Stream.of(org.founder().user().id()),
            Stream.of("d", "b", "c", "a").map(name -> org.newPending(name + "@acme.test").id())).toList();
        org.newServiceAccount("bot@acme.test", List.of());
        var poor = search(100, MUCH, LONG);
        var rich = search(MUCH, MUCH, LONG);

        for (var search : List.of(poor, rich)) {
            var page = list(search, "", "", new ListPart(Optional.empty(), 1, 2));
            assertThat(page.users()).extracting(user -> user.person().id()).isEqualTo(ids.subList(1, 3));
            assertThat(page.total()).isEqualTo(5);
            assertThat(walked(search, "", "")).isEqualTo(ids);
            assertThat(list(search, "", "", new ListPart(Optional.empty(), 9, 2)).users()).isEmpty();
        }
        tooMany(() -> walked(poor, "", "userName"));
        assertThat(walked(rich, "", "userName")).hasSize(5).doesNotContainSequence(ids);
    }

    @Test
    void a_scan_that_finds_too_much_or_takes_too_long_is_refused_and_an_index_is_not() {
        var ann = org.newPending("ann@acme.test").id();
        var hasty = search(MUCH, MUCH, Duration.ofNanos(1));
        var narrow = search(MUCH, 10, LONG);

        tooMany(() -> walked(hasty, "nickName pr or active eq true", ""));
        tooMany(() -> walked(hasty, "", "title"));
        tooMany(() -> walked(narrow, "nickName eq null", ""));
        assertThat(walked(narrow, "nickName pr", "")).isEmpty();
        for (var search : List.of(hasty, narrow)) {
            assertThat(walked(search, "userName eq \"ANN@acme.test\" and active eq true", "title"))
                .containsExactly(ann);
        }
        assertThat(walked(hasty, "", "")).hasSize(2);
    }

    @Test
    void what_looks_at_each_key_in_memory_has_the_limits_of_a_scan() {
        var ann = org.newPending("ann@acme.test").id();
        var most = new AtomicReference<>(LONG);
        var search = search(MUCH, MUCH, most::get);
        var looking = List.of("userName co \"nn@a\"", "userName co \"nn@a\" and nickName eq null", "userName sw \"a\"",
            "emails co \"nn@a\"");
        looking.forEach(filter -> assertThat(walked(search, filter, "")).as(filter).containsExactly(ann));
        most.set(Duration.ofNanos(1));
        looking.forEach(filter -> tooMany(() -> walked(search, filter, "")));
        assertThat(walked(search, "userName sw \"a\"", "userName")).containsExactly(ann);
        assertThat(walked(search, "userName sw \"a\" and nickName eq null", "")).containsExactly(ann);
    }

    @Test
    void those_who_match_in_memory_and_do_not_fit_there_are_refused() {
        var ann = org.newPending("ann@acme.test").id();
        var narrow = search(MUCH, 10, LONG);
        assertThat(walked(narrow, "userName eq \"ann@acme.test\"", "")).containsExactly(ann);
        for (var filter : List.of("userName co \"nn@a\"", "userName pr")) {
            tooMany(() -> walked(narrow, filter, ""));
        }
        assertThat(walked(narrow, "userName co \"nobody\"", "")).isEmpty();
        assertThat(walked(narrow, "userName pr", "userName")).hasSize(2);
    }

    @Test
    void a_filter_waits_for_no_order_and_is_answered_by_a_scan() throws Exception {
        var ann = org.newPending("ann@acme.test").id();
        var holds = new CountDownLatch(1);
        var ends = new CountDownLatch(1);
        var asked = new AtomicInteger();
        var search = search(MUCH, MUCH, () -> {
            if (asked.incrementAndGet() == 3) { // for the database, for the scan, and again when it is its turn to sort
                holds.countDown();
                await(ends);
            }
            return LONG;
        });
        try (var other = Executors.newSingleThreadExecutor()) {
            var sorted = other.submit(() -> walked(search, "", "title"));
            assertThat(holds.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            try {
                for (var filter : List.of("userName sw \"a\"", "title eq null and userName co \"nn@\"")) {
                    assertThat(walked(search, filter, "")).as(filter).containsExactly(ann);
                }
            } finally {
                ends.countDown();
            }
            assertThat(sorted.get()).hasSize(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_filter_whose_order_takes_too_long_to_load_is_answered_by_a_scan() {
        var ann = org.newPending("ann@acme.test").id();
        var asked = new AtomicInteger();
        var search = search(MUCH, MUCH, () -> asked.incrementAndGet() == 2 ? Duration.ofNanos(1) : LONG);
        for (var i = 0; i < 2; i++) {
            assertThat(walked(search, "userName sw \"a\"", "")).containsExactly(ann);
        }
        assertThat(asked.get()).as("it is not tried again: two for loading, and two for each scan").isEqualTo(6);
        assertThat(walked(search, "", "userName")).as("a list in order needs it").hasSize(2);
        assertThat(walked(search, "userName sw \"a\"", "userName")).containsExactly(ann);
    }

    @Test
    void without_room_in_the_directory_or_for_names_memory_does_not_tell() {
        var ann = org.newPending("ann@acme.test").id();
        var program = roster.program();
        var key = PersonKey.of(Filter.parse(ResourceType.USER, "userName eq \"Ann@acme.test\"")).orElseThrow();
        var none = new DirectoryCache(roster.db(), new UserLists(), program.role.roles, 1);
        var rich = lookUps(program.directory.directory, MUCH);
        var asked = new AtomicInteger();
        Await.until("memory tells", () -> asked.incrementAndGet() > 0 && rich.find(caller(), key).isPresent());
        assertThat(rich.find(caller(), key).orElseThrow()).extracting(one -> one.person().id()).containsExactly(ann);
        for (var poor : List.of(lookUps(none, MUCH), lookUps(program.directory.directory, 100))) {
            for (int i = 0; i < 2 * asked.get(); i++) {
                assertThat(poor.find(caller(), key)).isEmpty();
            }
        }
        org.newPending("bob@acme.test");
        assertThat(rich.find(caller(), key)).as("something has changed").isEmpty();
    }

    /// One who was let in just now.
    private Caller caller() {
        var now = roster.db().versions().now(org.id()).orElseThrow();
        return new Caller(Caller.Kind.USER, org.id(), Optional.of(org.founder().user().id()), "ada",
            Caller.Credentials.NONE, Set.of(), now.version(), now.stamp(), List.of(), new Ids().next().toString(),
            Optional.empty());
    }

    private static PeopleLookUps lookUps(DirectoryCache directory, long bytes) {
        return new PeopleLookUps(new PeopleNames(roster.db(), directory, bytes),
            new KnownPeople(roster.db(), directory, new ProvisionedUserRows(), MUCH));
    }
}
