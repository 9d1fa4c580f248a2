package roster.core.index;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import roster.base.source.Ids;
import roster.door.command.Crowd;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.User;

/// Measures the operations of [UserIndex]: no HTTP, JSON or database. `bench/jmh` runs it.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DirectoryBench {
    /// An index of generated users.
    @State(Scope.Benchmark)
    public static class People {
        @Param({"100", "1000000"})
        public int users;

        UserIndex index;
        User middle;
        private User last;
        private long changes;

        @Setup(Level.Trial)
        public void load() {
            var started = System.nanoTime();
            var org = new Org.Id(new Ids().next());
            var crowd = new Crowd(org);
            index = new UserIndex(org);
            for (int number = 0; number < users; number++) {
                var user = crowd.user(number);
                index.put(user);
                last = user;
                middle = number == users / 2 ? user : middle;
            }
            System.out.printf("%,d users: made and put in %,d ms, counted as %,d MB%n", users,
                (System.nanoTime() - started) / 1_000_000, index.bytes() >> 20);
        }

        /// One write: the last user gets another name and time.
        void change() {
            changes++;
            last = new User(last.id(), last.org(), last.email(), last.handle(),
                Optional.of("Renamed " + changes % 1000), last.title(), last.verified(), last.disabled(),
                last.serviceAccount(), last.createdAt(), last.modifiedAt().plus(1, ChronoUnit.MICROS),
                last.lastLoginAt(), last.roles());
            index.expect(1);
            index.put(last);
            index.settle(Long.MAX_VALUE);
        }

        PeopleSlice people(Optional<String> text, UserQuery.Sort sort, PeopleRequest.Place place) {
            return index.people(new PeopleRequest(
                new PeopleQuery(text, PeopleFilter.of(PeopleFilter.Kind.PEOPLE), sort, false), place, 50,
                Instant.EPOCH, ZoneOffset.UTC), Long.MAX_VALUE);
        }

        Page<PackedUser> list(Optional<String> text, UserQuery.Sort sort, long page, int size) {
            return index.list(new UserQuery(text, Optional.empty(), sort, false, new Paging(size, page)));
        }
    }

    /// A page of 100 users.
    @State(Scope.Benchmark)
    public static class Place {
        @Param({"NAME", "TITLE", "MODIFIED_AT"})
        public UserQuery.Sort sort;

        @Param({"first", "middle", "last"})
        public String page;

        long number(People people) {
            var last = people.users / 100 - 1;
            return switch (page) {
                case "first" -> 0;
                case "middle" -> last / 2;
                default -> last;
            };
        }
    }

    /// Part of a name or e-mail: absent, common, of three letters, of two and of one.
    @State(Scope.Benchmark)
    public static class Wanted {
        @Param({"no such user", "people", "ann", "an", "a"})
        public String text;
    }

    @Benchmark
    public int page(People people, Place place) {
        var looked = 0;
        for (var user : people.list(Optional.empty(), place.sort, place.number(people), 100).items()) {
            looked += user.user().email().length();
        }
        return looked;
    }

    /// A page of people in the middle of the list, found by a place.
    @Benchmark
    public int peopleInTheMiddle(People people, Place place) {
        var position = SortPosition.of(place.sort, people.middle);
        return people.people(Optional.empty(), place.sort, new PeopleRequest.Place.After(position)).users().size();
    }

    @Benchmark
    public long peopleFirstTime(People people, Wanted wanted) {
        people.index.expect(1000);
        return people.people(Optional.of(wanted.text), UserQuery.Sort.NAME, PeopleRequest.Place.FIRST).matching();
    }

    @Benchmark
    public long peopleAgain(People people, Wanted wanted) {
        return people.people(Optional.of(wanted.text), UserQuery.Sort.NAME, PeopleRequest.Place.FIRST).matching();
    }

    @Benchmark
    public long peopleAfterAWrite(People people, Place place) {
        people.change();
        var position = SortPosition.of(place.sort, people.middle);
        return people.people(Optional.empty(), place.sort, new PeopleRequest.Place.After(position)).offset();
    }

    @Benchmark
    public long filterFirstTime(People people, Wanted wanted) {
        people.index.expect(1000); // drops the results of filters, and no orders of a large index
        return people.list(Optional.of(wanted.text), UserQuery.Sort.NAME, 0, 10).filtered();
    }

    @Benchmark
    public long filterAgain(People people, Wanted wanted) {
        return people.list(Optional.of(wanted.text), UserQuery.Sort.NAME, 0, 10).filtered();
    }

    @Benchmark
    public long filterAfterAWrite(People people, Wanted wanted) {
        people.change();
        return people.list(Optional.of(wanted.text), UserQuery.Sort.NAME, 0, 10).filtered();
    }

    @Benchmark
    public long pageAfterAWrite(People people) {
        people.change();
        return people.list(Optional.empty(), UserQuery.Sort.NAME, 0, 100).total();
    }
}
