package roster.base.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import roster.base.db.OrgVersions.State;
import roster.model.Org;

/// Between which states of an organisation everybody kept his keys and permissions, as far as this node wrote them
/// itself, one right after the other under the lock. Most writes add people or rename them: whoever was let in before
/// such a write needs no second look after it.
///
/// A state has a random stamp. One that the database lost again in a failover or a restore is never taken for another.
final class SameAccess {
    /// States remembered of an organisation, the latest; who comes with an older one is looked up anew.
    private static final int STATES_MAX = 512;
    private static final int ORGS_MAX = 1000;

    private final Cache<Org.Id, Alike> alike = Caffeine.newBuilder().maximumSize(ORGS_MAX).build();

    /// States of one organisation in all of which everybody may do the same.
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

    /// What the writes of one transaction have done so far.
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

        /// Whether whoever was let in at that state may do the same now, in the midst of the transaction.
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

    /// Whether everybody may do the same at these two states. False where this node cannot tell.
    boolean keeps(Org.Id org, State then, State now) {
        if (then.equals(now)) {
            return true;
        }
        var known = alike.getIfPresent(org);
        return known != null && known.both(then, now);
    }
}
