package roster.base.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.db.OrgVersions.State;
import roster.base.db.OrgVersions.Told;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;

/// States of an organisation between which callers kept their keys and permissions. Most writes add or rename users, or
/// change the access of one user, for example by disabling them; callers that were admitted before such a write need no
/// second check after it.
///
/// Of writes that this node made itself, one directly after the other under the lock, it knows whose access changed. Of
/// those of other nodes the database tells whether any access changed, and no more.
///
/// A state has a random stamp, so that one that the database lost in a failover or a restore is never mistaken for another.
/// So has a change of access.
final class SameAccess {
    /// The latest states of an organisation that are kept; callers with an older one are looked up again.
    private static final int STATES_MAX = 512;
    private static final int ORGS_MAX = 1000;

    private final Cache<Org.Id, States> known = Caffeine.newBuilder().maximumSize(ORGS_MAX).build();
    private final Cache<Org.Id, Tellings> tellings = Caffeine.newBuilder().maximumSize(ORGS_MAX).build();

    /// What the database told of the states of one organisation, the latest last.
    private static final class Tellings {
        private final LinkedHashMap<State, Long> access = new LinkedHashMap<>();
        private volatile State latest = new State(0, 0);

        private void add(Told told) {
            if (!told.state().equals(latest)) { // as for nearly all requests
                addLatest(told);
            }
        }

        private synchronized void addLatest(Told told) {
            access.put(told.state(), told.access());
            latest = told.state();
            if (access.size() > STATES_MAX) {
                access.pollFirstEntry();
            }
        }

        private synchronized boolean sameAt(State one, State other) {
            var access = this.access.get(one);
            return access != null && access.equals(this.access.get(other));
        }
    }

    /// States of one organisation, in the order in which they were made, between which not everyone's access changed.
    private static final class States {
        private final Map<State, Long> positions = new LinkedHashMap<>();

        /// The position of the last state that changed the access of a user, in the order of these; users who are not here kept
        /// theirs.
        private final LinkedHashMap<UUID, Long> changed = new LinkedHashMap<>();
        private long last;

        private States(State first) {
            positions.put(first, last);
        }

        private synchronized boolean both(Optional<UUID> user, State one, State other) {
            return since(user, one) && since(user, other);
        }

        /// Whether the access of a user, or of callers without one, is the same now as at a state.
        private synchronized boolean since(Optional<UUID> user, State then) {
            var from = positions.get(then);
            return from != null && user.map(changed::get).filter(at -> at > from).isEmpty();
        }

        private synchronized void add(State state, Set<UUID> users) {
            positions.put(state, ++last);
            users.forEach(user -> changed.putLast(user, last));
        }

        /// @return false, with nothing added, if the state at which these began is not the last one
        private synchronized boolean addAll(State began, States more) {
            if (!Long.valueOf(last).equals(positions.get(began))) {
                return false;
            }
            var shift = last;
            more.positions.forEach((state, position) -> positions.put(state, shift + position));
            more.changed.forEach((user, position) -> changed.putLast(user, shift + position));
            last += more.last;
            forgetOldest();
            return true;
        }

        private void forgetOldest() {
            if (positions.size() <= STATES_MAX) {
                return;
            }
            var oldest = positions.values().iterator();
            for (int tooMany = positions.size() - STATES_MAX; tooMany > 0; tooMany--) {
                oldest.next();
                oldest.remove();
            }
            var first = oldest.next();
            // Only those that go are looked at: a write may have changed thousands.
            for (var all = changed.values().iterator(); all.hasNext() && all.next() <= first;) {
                all.remove();
            }
        }
    }

    /// What the writes of one transaction did so far.
    final class Course {
        private final Org.Id org;
        private final State began;
        private States states;
        private boolean everyone;

        private Course(Org.Id org, State began) {
            this.org = org;
            this.began = began;
            this.states = new States(began);
        }

        /// Whether a caller has the same access now, during the transaction, as when they were admitted.
        boolean keeps(Caller caller) {
            var user = caller.user().map(Id::value);
            var then = new State(caller.version(), caller.stamp());
            return states.since(user, then)
                || !everyone && states.since(user, began) && SameAccess.this.keeps(caller, began);
        }

        void wrote(State state, AccessChange change) {
            if (change.everyone()) {
                everyone = true;
                states = new States(state);
            } else {
                states.add(state, change.users());
            }
        }

        void committed() {
            var before = known.getIfPresent(org);
            if (before == null || everyone || !before.addAll(began, states)) {
                known.put(org, states);
            }
        }
    }

    Course from(Org.Id org, State began) {
        return new Course(org, began);
    }

    /// Whether a caller has the same access at this state of their organisation as when they were admitted. False if this
    /// node cannot tell.
    boolean keeps(Caller caller, State now) {
        var then = new State(caller.version(), caller.stamp());
        if (then.equals(now)) {
            return true;
        }
        var states = known.getIfPresent(caller.org());
        if (states != null && states.both(caller.user().map(Id::value), then, now)) {
            return true;
        }
        var told = tellings.getIfPresent(caller.org());
        return told != null && told.sameAt(then, now);
    }

    /// The database told of a state.
    void told(Org.Id org, Told told) {
        tellings.get(org, _ -> new Tellings()).add(told);
    }
}
