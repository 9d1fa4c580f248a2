package roster.base.http;

import java.net.InetAddress;
import roster.base.http.Share.Use;

/// What one connection has taken of the [Budget]. Used by its event loop only.
final class Held {
    /// Requests and answers up to this size pass if at all possible: those who use up the memory need more.
    private static final int SMALL_BYTES = 32 << 10;

    /// For large answers, all requests without an organisation count as those of one.
    private static final Object STRANGERS = "no organisation";

    private static final Use[] USES = Use.values();

    private final Budget budget;
    private final InetAddress peer;
    private final Share address;
    private final long[] bytes = new long[USES.length];
    private final Share[] organisations = new Share[USES.length]; // whose they are, where one is known
    private boolean closed;

    /// The organisation of the request, once it is known. Set by the thread of the request, before it reads the body and before
    /// it answers.
    private volatile Object organisation;

    Held(Budget budget, InetAddress peer) {
        this.budget = budget;
        this.peer = peer;
        this.address = budget.openAddress(peer);
    }

    /// From now on, what is taken is the organisation's too. May be called by any thread.
    void belongsTo(Object its) {
        organisation = its;
    }

    /// The organisation of the request, or else the address.
    Object whose() {
        var its = organisation;
        return its == null ? peer : its;
    }

    /// Whether the address has more connections than it may.
    boolean isOneTooMany() {
        return budget.isCrowded(address);
    }

    /// What the body and the answer have taken.
    private long bytes() {
        return bytes[Use.BODIES.ordinal()] + bytes[Use.ANSWERS.ordinal()] + bytes[Use.SMALL.ordinal()];
    }

    /// Whether it has taken memory for a head that is not complete.
    boolean hasHead() {
        return bytes[Use.HEADS.ordinal()] > 0;
    }

    /// @return whether there is enough, as all that take
    boolean takeHead(long some) {
        return take(Use.HEADS, some, null, false);
    }

    /// @return whether there is enough for more of the body
    boolean takeBody(long some) {
        return take(Use.BODIES, some, organisation, false) || bytes() + some <= SMALL_BYTES && takeSmall(some);
    }

    static boolean isLarge(long answer) {
        return answer > SMALL_BYTES;
    }

    /// @param inNeed whether it should not be refused, as it tells of a change that has been made
    boolean takeAnswer(long some, boolean inNeed) {
        if (!isLarge(some)) {
            return takeSmall(some);
        }
        var whose = organisation;
        return take(Use.ANSWERS, some, whose == null ? STRANGERS : whose, inNeed);
    }

    private boolean takeSmall(long some) {
        return take(Use.SMALL, some, whose(), false);
    }

    private boolean take(Use use, long some, Object whose, boolean inNeed) {
        if (closed) {
            return false;
        }
        var at = use.ordinal();
        if (organisations[at] == null && bytes[at] == 0 && whose != null) {
            organisations[at] = budget.openOrganisation(whose);
        }
        if (!budget.take(use, some, address, organisations[at], inNeed)) {
            return false;
        }
        bytes[at] += some;
        return true;
    }

    /// Gives everything back.
    void release() {
        for (var use : USES) {
            var at = use.ordinal();
            if (bytes[at] > 0) {
                budget.give(use, bytes[at], address, organisations[at]);
                bytes[at] = 0;
            }
            if (organisations[at] != null) {
                budget.closeOrganisation(organisations[at]);
                organisations[at] = null;
            }
        }
        organisation = null;
    }

    /// Gives everything back, and takes nothing any more.
    void close() {
        closed = true;
        release();
        budget.closeAddress(address);
    }

    boolean isClosed() {
        return closed;
    }
}
