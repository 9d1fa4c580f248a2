package roster.core.provisioning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.db.Tx;
import roster.core.directory.DirectoryCache;
import roster.core.directory.DirectoryView;
import roster.core.directory.OrgStates;
import roster.core.index.PackedUser;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.model.User;

/// People as directories know them, in the memory of this node, one by one as they were asked for.
///
/// Nothing in it can be out of date. What is known of a person is good for a view of the directory, which is current, in which
/// the user and their manager are the very rows that it was read with, and no role is another. All that a directory says of a
/// user is stored with a new version of the user, and so gives them another row.
final class KnownPeople {
    /// What a person takes in memory, in bytes, besides what is said of them; and for each byte of that, with what is made of it.
    private static final int PERSON_BYTES = 3000;
    private static final int BYTES_PER_CHARACTER = 4;

    /// For each role, which is shown among the roles and among the groups, besides the role's name.
    private static final int ROLE_BYTES = 800;

    private final Database db;
    private final DirectoryCache directory;
    private final ProvisionedUserRows rows;
    private final Cache<Key, Known> people;

    /// @param bytesMax for the people of all organisations together
    KnownPeople(Database db, DirectoryCache directory, ProvisionedUserRows rows, long bytesMax) {
        this.db = db;
        this.directory = directory;
        this.rows = rows;
        this.people = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(bytesMax)
            .weigher((Key _, Known known) -> known.bytes()).build();
    }

    private record Key(Org.Id org, User.Id id) {}

    /// @param rolesNumber of the view, as in [DirectoryView#rolesNumber]
    /// @param user,manager their marks in it, as in [PackedUser#mark]; null for no user
    private record Known(KnownPerson person, long rolesNumber, Object user, Object manager) {
        static Optional<Known> of(KnownPerson person, DirectoryView view) {
            var marks = new Known(person, view.rolesNumber(), mark(view, Optional.of(person.person().id())),
                mark(view, manager(person)));
            return Optional.of(marks).filter(one -> one.rolesNumber != DirectoryView.UNNUMBERED && one.user != null);
        }

        @SuppressWarnings("ReferenceEquality") // equal rows of another time may be of another document
        boolean isGood(DirectoryView view) {
            return rolesNumber == view.rolesNumber() && user == mark(view, Optional.of(person.person().id()))
                && manager == mark(view, manager(person));
        }

        private static Optional<User.Id> manager(KnownPerson person) {
            return person.person().manager().flatMap(Id::parse).map(User.Id::new);
        }

        private static Object mark(DirectoryView view, Optional<User.Id> id) {
            return id.flatMap(view::packed).map(PackedUser::mark).orElse(null);
        }

        int bytes() {
            var all = person.person();
            return PERSON_BYTES + BYTES_PER_CHARACTER * all.said().facts().toString().length() + all.roles().stream()
                .mapToInt(role -> ROLE_BYTES + 2 * BYTES_PER_CHARACTER * role.name().length()).sum();
        }
    }

    private record Read<T>(State state, KnownPerson person, T answer) {}

    /// Decides something of a person, at a state no older than the caller's request: from memory, if the person is there.
    ///
    /// @param work gets the person, and what finds roles at the same state; must not read anything else
    /// @return nothing if SCIM shows no such person
    <T> Optional<T> read(Caller caller, User.Id id, BiFunction<KnownPerson, RolesByText, T> work) {
        var key = new Key(caller.org(), id);
        var there = directory.readInMemory(caller,
            view -> good(view, key).map(known -> work.apply(known, RolesByText.of(view))));
        if (there.isPresent() && there.get().isPresent()) {
            return there.get();
        }
        var read = db.read(tx -> fromDatabase(tx, key, work));
        if (there.isPresent()) {
            read.ifPresent(one -> keep(caller, one.state(), List.of(one.person())));
        }
        return read.map(Read::answer);
    }

    /// Several people as they are at just the state at which the caller's request was let in.
    ///
    /// @return without those whom SCIM does not show; none if the organisation is not in memory at that state
    Optional<List<KnownPerson>> all(Caller caller, Collection<UUID> ids) {
        var state = new State(caller.version(), caller.stamp());
        var there = directory.readInMemory(caller, view -> Optional.of(view).filter(one -> one.state().equals(state))
            .map(one -> ids.stream().map(id -> new Key(caller.org(), new User.Id(id)))
                .flatMap(key -> good(one, key).stream()).toList()))
            .flatMap(found -> found);
        return there.filter(found -> found.size() < ids.size()).isPresent() ? read(caller, state, ids) : there;
    }

    private Optional<KnownPerson> good(DirectoryView view, Key key) {
        return Optional.ofNullable(people.getIfPresent(key)).filter(known -> known.isGood(view)).map(Known::person);
    }

    private Optional<List<KnownPerson>> read(Caller caller, State state, Collection<UUID> ids) {
        var read = db.read(tx -> {
            var now = OrgStates.later(tx, caller.org());
            var found = rows.all(tx, caller.org(), ids).stream().map(KnownPerson::new).toList();
            return Optional.of(found).filter(_ -> now.get().orElseThrow().equals(state));
        });
        read.ifPresent(found -> keep(caller, state, found));
        return read;
    }

    /// A person as of a state no older than the caller's request, if they are in memory.
    Optional<KnownPerson> inMemory(Caller caller, User.Id id) {
        return directory.readInMemory(caller, view -> good(view, new Key(caller.org(), id))).flatMap(found -> found);
    }

    /// As [#read], at the person as they are now, for requests that may have changed them before.
    <T> Optional<T> readNow(Caller caller, User.Id id, BiFunction<KnownPerson, RolesByText, T> work) {
        return db.read(tx -> fromDatabase(tx, new Key(caller.org(), id), work)).map(Read::answer);
    }

    private <T> Optional<Read<T>> fromDatabase(Tx tx, Key key, BiFunction<KnownPerson, RolesByText, T> work) {
        var state = OrgStates.later(tx, key.org());
        return rows.find(tx, key.org(), key.id()).map(KnownPerson::new).map(person -> new Read<>(
            state.get().orElseThrow(), person, work.apply(person, texts -> rows.roles(tx, key.org(), texts))));
    }

    /// Only a view of just that state has the rows that go with the people.
    private void keep(Caller caller, State state, List<KnownPerson> some) {
        directory.readInMemory(caller, view -> some.stream().filter(_ -> view.state().equals(state))
            .flatMap(person -> Known.of(person, view).stream()).toList())
            .ifPresent(found -> found
                .forEach(known -> people.put(new Key(caller.org(), known.person().person().id()), known)));
    }
}
