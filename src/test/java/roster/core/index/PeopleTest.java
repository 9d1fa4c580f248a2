package roster.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import roster.base.source.Ids;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleFilter.Seen;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.UserQuery.Sort;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// Compares pages of people, out of the index, with a plain list that is filtered and sorted anew for every one.
class PeopleTest {
    private static final Org.Id ORG = new Org.Id(new Ids().next());
    private static final Instant NOW = Instant.parse("2026-11-29T20:17:42.123456Z");
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");
    private static final List<String> NAMES = List.of("", "Ann", "ann", "Änne", "Zoë", "李雷", "😀 smile", "50%_off\\",
        "Bob", "bob lee");
    private static final List<String> TEXTS = List.of("a", "AN", "ann", "ann1", "bob", "%", "李", "@x.test", "no such");
    private static final List<Role.Id> ROLES = Stream.generate(() -> new Role.Id(new Ids().next())).limit(3).toList();
    private static final List<Sort> SORTS = List.of(Sort.values());

    /// So little memory that results are dropped while they are in use.
    private static final long LITTLE = 1;

    private final Random random = new Random();
    private final Map<User.Id, User> plain = new HashMap<>();
    private final UserIndex index = new UserIndex(ORG);
    private int numbers;

    private long seed() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("PeopleTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        random.setSeed(seed);
        return seed;
    }

    @Test
    void every_page_is_that_of_a_plain_list_through_a_random_history() {
        var seed = seed();
        for (int i = 0; i < 1100; i++) {
            put(user(new User.Id(new Ids().next())));
        }
        var queries = Stream.generate(this::query).limit(12).toList(); // asked again and again, so they are kept
        var positions = new ArrayList<SortPosition>();
        for (int step = 0; step < 1500; step++) {
            change(step);
            var query = random.nextBoolean() ? any(queries) : query();
            var request = new PeopleRequest(query, place(query, positions), 1 + random.nextInt(60), NOW, VIENNA);
            var slice = index.people(request, random.nextInt(20) == 0 ? LITTLE : Long.MAX_VALUE);
            assertThat(shown(slice)).as("seed %d, step %d, %s", seed, step, request).isEqualTo(shown(plain(request)));
            if (step == 1200) {
                new ArrayList<>(plain.keySet()).stream().limit(plain.size() * 9L / 10).forEach(this::remove);
            }
            if (positions.size() < 400) {
                slice.first().ifPresent(positions::add);
                slice.last().ifPresent(positions::add);
            }
        }
    }

    @Test
    void every_sort_with_every_filter_leads_through_all_of_the_list_both_ways() {
        seed();
        for (int i = 0; i < 400; i++) {
            put(user(new User.Id(new Ids().next())));
        }
        for (var sort : SORTS) {
            for (var descending : List.of(true, false)) {
                for (var filter : filters()) {
                    for (var text : List.of(Optional.<String>empty(), Optional.of("an"))) {
                        bothWays(new PeopleQuery(text, filter, sort, descending));
                    }
                }
            }
        }
    }

    private void bothWays(PeopleQuery query) {
        var all = sorted(query, matching(query, NOW, VIENNA));
        var forwards = new ArrayList<User>();
        for (var place = Optional.of(Place.FIRST); place.isPresent();) {
            var slice = index.people(new PeopleRequest(query, place.get(), 17, NOW, VIENNA), Long.MAX_VALUE);
            assertThat(slice.offset()).isEqualTo(forwards.size());
            slice.users().forEach(user -> forwards.add(user.user()));
            place = slice.last().map(Place.After::new);
        }
        assertThat(forwards).as("%s", query).isEqualTo(all);

        var backwards = new ArrayList<User>();
        for (var place = Optional.of(Place.END); place.isPresent();) {
            var slice = index.people(new PeopleRequest(query, place.get(), 17, NOW, VIENNA), Long.MAX_VALUE);
            backwards.addAll(0, slice.users().stream().map(PackedUser::user).toList());
            assertThat(slice.offset()).isEqualTo(all.size() - backwards.size());
            place = slice.first().map(Place.Before::new);
        }
        assertThat(backwards).as("%s", query).isEqualTo(all);
    }

    /// One that asks for nothing, one for each condition, and one for all.
    private static List<PeopleFilter> filters() {
        var none = Optional.<LocalDate>empty();
        var from = Optional.of(LocalDate.of(2026, 8, 20));
        var to = Optional.of(LocalDate.of(2026, 9, 10));
        return List.of(PeopleFilter.of(Kind.BOTH), PeopleFilter.of(Kind.PEOPLE), PeopleFilter.of(Kind.SERVICE),
            new PeopleFilter(Set.of(Status.PENDING, Status.DISABLED), Set.of(), false, Kind.BOTH, Set.of(), false, none,
                none),
            new PeopleFilter(Set.of(), Set.of(ROLES.get(0), ROLES.get(2)), false, Kind.BOTH, Set.of(), false, none,
                none),
            new PeopleFilter(Set.of(), Set.of(ROLES.get(1)), true, Kind.BOTH, Set.of(), false, none, none),
            new PeopleFilter(Set.of(), Set.of(), true, Kind.BOTH, Set.of(), false, none, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(Seen.NEVER), false, none, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(Seen.NOT_FOR_90_DAYS), false, none, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(Seen.values()), false, none, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(), true, none, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(), false, from, none),
            new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(), false, none, to),
            new PeopleFilter(Set.of(Status.ACTIVE), Set.of(ROLES.get(0)), true, Kind.PEOPLE, Set.of(Seen.values()),
                true, from, to));
    }

    @Test
    void an_id_finds_its_user_besides_those_whose_name_holds_it() {
        seed();
        var ann = new User.Id(new Ids().next());
        var bob = new User.Id(new Ids().next());
        put(new User(ann, ORG, "ann@x.test", "ann@x.test", Optional.of("Ann"), Optional.empty(), true, false, false,
            NOW, NOW, Optional.empty(), List.of()));
        put(new User(bob, ORG, "bob@x.test", "bob@x.test", Optional.of("not " + ann), Optional.empty(), true, true,
            false, NOW, NOW, Optional.empty(), List.of()));
        for (var text : List.of(ann.toString(), ann.toString().toUpperCase(java.util.Locale.ROOT))) {
            for (var statuses : List.of(Set.<Status>of(), Set.of(Status.ACTIVE), Set.of(Status.PENDING))) {
                var request = new PeopleRequest(
                    new PeopleQuery(Optional.of(text), new PeopleFilter(statuses, Set.of(), false, Kind.BOTH, Set.of(),
                        false, Optional.empty(), Optional.empty()), Sort.NAME, false),
                    Place.FIRST, 50, NOW, VIENNA);
                assertThat(shown(index.people(request, Long.MAX_VALUE))).isEqualTo(shown(plain(request)));
            }
        }
    }

    @Test
    void ninety_days_end_with_the_hour_and_days_begin_in_the_zone() {
        var seen = Instant.parse("2026-08-31T20:00:00Z"); // 90 days before 20:00 of the day
        for (var lastLogin : List.of(seen, seen.minusNanos(1000))) {
            put(new User(new User.Id(new Ids().next()), ORG, "u@x.test", "u@x.test", Optional.empty(), Optional.empty(),
                true, false, false, Instant.parse("2026-08-20T22:00:00Z"), NOW, Optional.of(lastLogin), List.of()));
        }
        var seenQuery = new PeopleQuery(Optional.empty(), filters().get(8), Sort.NAME, false);
        assertThat(index.people(new PeopleRequest(seenQuery, Place.FIRST, 9, NOW, VIENNA), Long.MAX_VALUE).users())
            .hasSize(1);
        var nextHour = NOW.plus(Duration.ofHours(1));
        assertThat(index.people(new PeopleRequest(seenQuery, Place.FIRST, 9, nextHour, VIENNA), Long.MAX_VALUE).users())
            .hasSize(2);

        var added = new PeopleQuery(Optional.empty(), new PeopleFilter(Set.of(), Set.of(), false, Kind.BOTH, Set.of(),
            false, Optional.of(LocalDate.of(2026, 8, 21)), Optional.of(LocalDate.of(2026, 8, 21))), Sort.NAME, false);
        assertThat(index.people(new PeopleRequest(added, Place.FIRST, 9, NOW, VIENNA), Long.MAX_VALUE).users())
            .hasSize(2);
        assertThat(index.people(new PeopleRequest(added, Place.FIRST, 9, NOW, ZoneId.of("UTC")), Long.MAX_VALUE)
            .users()).isEmpty();
    }

    private void put(User user) {
        index.put(user);
        plain.put(user.id(), user);
    }

    private void remove(User.Id id) {
        index.remove(id);
        plain.remove(id);
    }

    private void change(int step) {
        if (step % 400 == 399) {
            forget(any(ROLES));
            return;
        }
        var known = plain.keySet().stream().skip(random.nextInt(plain.size())).findFirst().orElseThrow();
        if (random.nextInt(10) == 0) {
            remove(known);
            return;
        }
        var changes = random.nextInt(300) == 0 ? 300 : 1 + random.nextInt(5);
        index.expect(changes);
        for (int i = 0; i < changes; i++) {
            put(user(random.nextInt(3) > 0 && i == 0 ? known : new User.Id(new Ids().next())));
        }
        if (random.nextBoolean()) {
            index.settle(Long.MAX_VALUE);
        }
    }

    /// A role is deleted.
    private void forget(Role.Id role) {
        index.forgetRoles(Set.of(role));
        plain.replaceAll((_, user) -> user.with(user.roles().stream().filter(held -> !held.equals(role)).toList()));
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private User user(User.Id id) {
        var email = any(List.of("ann", "bob.%_")) + numbers++ % 700 + "@" + any(List.of("x", "münchen")) + ".test";
        var created = NOW.minus(Duration.ofHours(random.nextInt(120 * 24)));
        var seen = created.plus(Duration.ofHours(random.nextInt(100)));
        return new User(id, ORG, email, random.nextInt(3) == 0 ? UUID.randomUUID().toString() : email,
            maybe(any(NAMES)), maybe(any(NAMES)), random.nextBoolean(), random.nextBoolean(), random.nextInt(9) == 0,
            created, created.plusMillis(random.nextInt(3)), maybe(seen), ROLES.subList(0, random.nextInt(4)),
            Set.of(), random.nextBoolean());
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextInt(4) > 0 ? Optional.of(value) : Optional.empty();
    }

    private PeopleQuery query() {
        Set<Status> statuses = EnumSet.noneOf(Status.class);
        Set<Seen> seen = EnumSet.noneOf(Seen.class);
        var days = LocalDate.of(2026, 11, 29);
        if (random.nextInt(3) == 0) {
            statuses.addAll(List.of(any(List.of(Status.values())), any(List.of(Status.values()))));
        }
        if (random.nextInt(4) == 0) {
            seen.addAll(List.of(any(List.of(Seen.values())), any(List.of(Seen.values()))));
        }
        return new PeopleQuery(random.nextInt(2) == 0 ? Optional.empty() : Optional.of(any(TEXTS)),
            new PeopleFilter(statuses, random.nextInt(4) > 0 ? Set.of() : Set.copyOf(ROLES.subList(0, 1 + random
                .nextInt(2))), random.nextInt(6) == 0, any(List.of(Kind.values())), seen, random.nextInt(6) == 0,
                random.nextInt(6) > 0 ? Optional.empty() : Optional.of(days.minusDays(random.nextInt(130))),
                random.nextInt(6) > 0 ? Optional.empty() : Optional.of(days.minusDays(random.nextInt(130)))),
            any(SORTS), random.nextBoolean());
    }

    private Place place(PeopleQuery query, List<SortPosition> positions) {
        return switch (random.nextInt(6)) {
            case 0 -> Place.FIRST;
            case 1 -> Place.END;
            case 2, 3 -> new Place.After(position(query, positions));
            default -> new Place.Before(position(query, positions));
        };
    }

    /// Of a user as they are, or of one as they were once, in this sort.
    private SortPosition position(PeopleQuery query, List<SortPosition> positions) {
        var user = plain.values().stream().skip(random.nextInt(plain.size())).findFirst().orElseThrow();
        var textual = Set.of(Sort.NAME, Sort.HANDLE, Sort.STATUS, Sort.TITLE).contains(query.sort());
        return textual && !positions.isEmpty() && random.nextBoolean() ? any(positions)
            : SortPosition.of(query.sort(), random.nextBoolean() ? user : user(user.id()));
    }

    // The plain list.

    private List<User> matching(PeopleQuery query, Instant now, ZoneId zone) {
        var filter = query.filter();
        var text = query.text().map(Text::folded);
        var old = Instant.parse("2026-08-31T20:00:00Z");
        assertThat(Duration.between(old, now)).isBetween(Duration.ofDays(90), Duration.ofDays(90).plusHours(1));
        return plain.values().stream()
            .filter(user -> filter.statuses().isEmpty() || filter.statuses().contains(user.status()))
            .filter(user -> filter.roles().isEmpty() && !filter.withoutRoles()
                || user.roles().stream().anyMatch(filter.roles()::contains)
                || filter.withoutRoles() && user.roles().isEmpty())
            .filter(user -> filter.kind() == Kind.BOTH || user.serviceAccount() == (filter.kind() == Kind.SERVICE))
            .filter(user -> filter.seen().isEmpty()
                || filter.seen().contains(Seen.NEVER) && user.lastLoginAt().isEmpty()
                || filter.seen().contains(Seen.NOT_FOR_90_DAYS)
                    && user.lastLoginAt().filter(time -> time.isBefore(old)).isPresent())
            .filter(user -> !(filter.withoutSecondFactor() && user.secondFactor()))
            .filter(user -> {
                var day = user.createdAt().atZone(zone).toLocalDate();
                return filter.addedFrom().filter(day::isBefore).isEmpty()
                    && filter.addedTo().filter(day::isAfter).isEmpty();
            })
            .filter(user -> text.isEmpty() || user.email().contains(text.get())
                || Text.folded(user.name().orElse("")).contains(text.get())
                || user.id().toString().equals(text.get()))
            .toList();
    }

    private PeopleSlice plain(PeopleRequest request) {
        var query = request.query();
        var filter = query.filter();
        var list = sorted(query, matching(query, request.now(), request.zone()));
        var rows = request.rows();
        var before = request.place() instanceof Place.Before(var position)
            ? (int) list.stream().filter(user -> compared(query, user, position) < 0).count() : list.size();
        var offset = switch (request.place()) {
            case Place.First _ -> 0;
            case Place.End _ -> list.isEmpty() ? 0 : (list.size() - 1) / rows * rows;
            case Place.After(var position) ->
                (int) list.stream().filter(user -> compared(query, user, position) <= 0).count();
            case Place.Before _ -> Math.max(0, before - rows);
        };
        var users = list.stream().limit(before).skip(offset).limit(rows).toList();
        var byStatus = new EnumMap<Status, Long>(Status.class);
        var others = new PeopleQuery(query.text(), new PeopleFilter(Set.of(), filter.roles(), filter.withoutRoles(),
            filter.kind(), filter.seen(), filter.withoutSecondFactor(), filter.addedFrom(), filter.addedTo()),
            query.sort(), query.descending());
        Stream.of(Status.values()).forEach(status -> byStatus.put(status, 0L));
        matching(others, request.now(), request.zone()).forEach(user -> byStatus.merge(user.status(), 1L, Long::sum));
        var all = plain.values().stream()
            .filter(user -> filter.kind() == Kind.BOTH || user.serviceAccount() == (filter.kind() == Kind.SERVICE))
            .count();
        return new PeopleSlice(users.stream().map(PackedUser::of).toList(), offset, list.size(), all, byStatus,
            offset == 0 || users.isEmpty() ? Optional.empty()
                : Optional.of(SortPosition.of(query.sort(), users.getFirst())),
            offset + users.size() == list.size() || users.isEmpty() ? Optional.empty()
                : Optional.of(SortPosition.of(query.sort(), users.getLast())));
    }

    private record Keyed(User user, Key key) {}

    private static List<User> sorted(PeopleQuery query, List<User> users) {
        var order = Comparator.comparing(Keyed::key);
        return users.stream().map(user -> new Keyed(user, key(query.sort(), user)))
            .sorted(query.descending() ? order.reversed() : order).map(Keyed::user).toList();
    }

    private static int compared(PeopleQuery query, User user, SortPosition position) {
        var compared = key(query.sort(), user).compareTo(new Key(List.of(position.key(), position.email(),
            bytes(position.id().toString()))));
        return query.descending() ? -compared : compared;
    }

    /// What a user is sorted by, written out here once more.
    private static Key key(Sort sort, User user) {
        return new Key(List.of(switch (sort) {
            case NAME ->
                bytes(user.name().filter(name -> !name.isEmpty()).map(Text::folded).orElse(Text.folded(user.email())));
            case EMAIL -> new byte[0];
            case HANDLE -> bytes(user.handle());
            case STATUS -> bytes(user.status().text());
            case TITLE -> bytes(user.title().map(Text::folded).orElse(""));
            case CREATED_AT -> time(Optional.of(user.createdAt()));
            case MODIFIED_AT -> time(Optional.of(user.modifiedAt()));
            case LAST_SIGN_IN -> time(user.lastLoginAt());
        }, bytes(Text.folded(user.email())), bytes(user.id().toString())));
    }

    /// Of microseconds since 1970, as bytes in their order; no time is before all times.
    private static byte[] time(Optional<Instant> time) {
        return java.nio.ByteBuffer.allocate(8).putLong(time.map(some -> some.getEpochSecond() * 1_000_000
            + some.getNano() / 1000).orElse(Long.MIN_VALUE) ^ Long.MIN_VALUE).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Fields that are compared one after the other, as PostgreSQL compares `bytea`.
    private record Key(List<byte[]> fields) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            for (int i = 0; i < fields.size(); i++) {
                var compared = Arrays.compareUnsigned(fields.get(i), other.fields.get(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        }
    }

    /// All of a page, so that two can be compared.
    private static List<Object> shown(PeopleSlice slice) {
        return List.of(slice.users().stream().map(PackedUser::user).toList(), slice.offset(), slice.matching(),
            slice.all(), slice.byStatus(), shown(slice.first()), shown(slice.last()));
    }

    private static List<Object> shown(Optional<SortPosition> position) {
        return position.<List<Object>>map(some -> List.of(Arrays.toString(some.key()), some.emailText(), some.id()))
            .orElse(List.of());
    }
}
