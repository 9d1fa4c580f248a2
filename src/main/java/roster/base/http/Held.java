package roster.base.http;

import java.net.InetAddress;
import roster.base.http.Budget.Part;
import roster.base.http.OrganisationBytes.Use;

/// What one connection has taken of the [Budget]. Used by its event loop only.
final class Held {
    private final Budget budget;
    private final Budget.Share share;
    private long bytes;
    private final long[] ofParts = new long[Part.values().length]; // of these
    private boolean closed;

    /// The organisation of the request, once it is known. Set by the thread of the request, before it reads the body and before
    /// it answers.
    private volatile Object organisation;
    private Object answered; // whose the large answer is
    private long bodies; // of the organisation's
    private long answers;
    private Object smallOf; // whose what is small is
    private long small;

    Held(Budget budget, InetAddress peer) {
        this.budget = budget;
        this.share = budget.open(peer);
    }

    /// From now on, what is taken is the organisation's too. May be called by any thread.
    void belongsTo(Object its) {
        organisation = its;
    }

    /// Whether the address has more connections than it may.
    boolean isOneTooMany() {
        return share.isCrowded();
    }

    long bytes() {
        return bytes + small;
    }

    /// Takes memory for an answer.
    ///
    /// @return whether there is enough
    boolean take(long some) {
        return !closed && share.tryTake(some) && (takenAnswer(some, Budget::tryTakeAnswer) || returned(some));
    }

    /// Takes memory for the answer to a change, which should not be refused, as the change has been made.
    ///
    /// @return whether there is enough
    boolean takeInNeed(long some) {
        return !closed && share.takeInNeed(some) && (takenAnswer(some, Budget::takeAnswerInNeed) || returned(some));
    }

    /// Takes memory for what is small enough to pass if at all possible.
    ///
    /// @return whether there is enough
    boolean takeSmall(long some) {
        if (small == 0) {
            smallOf = organisation;
        }
        var enough = !closed && share.tryTakeSmall(smallOf, some);
        small += enough ? some : 0;
        return enough;
    }

    /// Takes memory for a request that is not complete.
    ///
    /// @return whether there is enough
    boolean take(long some, Part part) {
        if (closed || !share.tryTake(some, part)) {
            return false;
        }
        var whose = organisation;
        if (part == Part.BODIES && whose != null) {
            if (!budget.tryTakeBody(whose, some)) {
                share.give(some, part);
                return false;
            }
            bodies += some;
        }
        ofParts[part.ordinal()] += some;
        bytes += some;
        return true;
    }

    @FunctionalInterface
    private interface Taking {
        boolean take(Budget budget, Object organisation, long some);
    }

    private boolean takenAnswer(long some, Taking taking) {
        answered = organisation == null ? Budget.STRANGERS : organisation;
        if (!taking.take(budget, answered, some)) {
            return false;
        }
        answers += some;
        bytes += some;
        return true;
    }

    private boolean returned(long some) {
        share.give(some);
        return false;
    }

    /// Gives everything back.
    void release() {
        for (var part : Part.values()) {
            share.give(ofParts[part.ordinal()], part);
            bytes -= ofParts[part.ordinal()];
            ofParts[part.ordinal()] = 0;
        }
        share.give(bytes);
        bytes = 0;
        if (small > 0) {
            share.giveSmall(smallOf, small);
            small = 0;
        }
        if (answers > 0) {
            budget.give(answered, new Use(0, answers));
            answers = 0;
        }
        if (bodies > 0) {
            budget.give(organisation, new Use(bodies, 0));
            bodies = 0;
        }
        organisation = null;
    }

    /// Gives everything back, and takes nothing any more.
    void close() {
        closed = true;
        release();
        share.close();
    }

    boolean isClosed() {
        return closed;
    }
}
