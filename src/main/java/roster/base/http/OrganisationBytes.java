package roster.base.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// The bytes of bodies and answers in memory, by the organisation whose requests they belong to, from however many addresses
/// these come.
///
/// An organisation may have no more of them than are left free, as with [roster.base.fair.FairPlaces]: one that takes all it
/// gets leaves some to the others.
final class OrganisationBytes {
    /// @param bodies of requests that are not complete, or not answered yet
    /// @param answers that are being sent
    record Use(long bodies, long answers) {
        private static final Use NONE = new Use(0, 0);

        private Use and(Use more) {
            return new Use(bodies + more.bodies, answers + more.answers);
        }

        private Use negated() {
            return new Use(-bodies, -answers);
        }

        long both() {
            return bodies + answers;
        }
    }

    private final Map<Object, Use> uses = new ConcurrentHashMap<>();

    /// Takes bytes, if the organisation then has no more of a kind than it may.
    ///
    /// @return whether it has taken them
    boolean tryTake(Object organisation, Use more, ToLongFunction<Use> kind, long most) {
        if (kind.applyAsLong(uses.merge(organisation, more, Use::and)) <= most) {
            return true;
        }
        give(organisation, more);
        return false;
    }

    void give(Object organisation, Use some) {
        uses.computeIfPresent(organisation, (_, has) -> {
            var left = has.and(some.negated());
            return left.equals(Use.NONE) ? null : left;
        });
    }
}
