package roster.base.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import roster.base.db.OrgVersions.State;
import roster.model.Org;

/// States of an organisation between which all users kept their keys and permissions, as far as this node made them itself,
/// one directly after the other under the lock. Most writes add or rename users; callers that were admitted before such a
/// write need no second check after it.
///
/// A state has a random stamp, so that one that the database lost in a failover or a restore is never mistaken for another.
final class SameAccess {
    /// The latest states of an organisation that are kept; callers with an older one are looked up again.
    private static final int STATES_MAX = 512;
    private static final int ORGS_MAX = 1000;

    private final Cache<Org.Id, Alike> alike = Caffeine.newBuilder().maximumSize(ORGS_MAX).build();

    /// States of one organisation with the same keys and permissions.
    private static final class Alike {
        private final Set<State> states = new LinkedHashSet<>();

        private Alike(Collection<State> states) {
            keep(states);
        }

        private synchronized boolean both(State one, State other) {
            return states.contains(one) && states.contains(other);
        }

        /// @return false, with nothing added, if the state at which these began is not among them
        private synchronized boolean add(State began, Collection<State> more) {
            return states.contains(began) && keep(more);
        }

        private boolean keep(Collection<State> more) {
            states.addAll(more);
            var oldest = states.iterator();
            for (int tooMany = states.size() - STATES_MAX; tooMany > 0; tooMany--) {
                oldest.next();
                oldest.remove();
            }
            return true;
        }
    }

    /// What the writes of one transaction did so far.
    final class Course {
        private final Org.Id org;
        private final State began;
        private final Set<State> states = new LinkedHashSet<>();
        private boolean accessChanged;

        private Course(Org.Id org, State began) {
            this.org = org;
            this.began = began;
            states.add(began);
        }

        /// Whether a caller admitted at that state has the same access now, during the transaction.
        boolean keepsSince(State then) {
            return states.contains(then) || !accessChanged && keeps(org, then, began);
        }

        void wrote(State state, boolean changingAccess) {
            if (changingAccess) {
                accessChanged = true;
                states.clear();
            }
            states.add(state);
        }

        void committed() {
            var known = alike.getIfPresent(org);
            if (known == null || accessChanged || !known.add(began, states)) {
                alike.put(org, new Alike(states));
            }
        }
    }

    Course from(Org.Id org, State began) {
        return new Course(org, began);
    }

    /// Whether access is the same at these two states. False if this node cannot tell.
    boolean keeps(Org.Id org, State then, State now) {
        if (then.equals(now)) {
            return true;
        }
        var known = alike.getIfPresent(org);
        return known != null && known.both(then, now);
    }
}
