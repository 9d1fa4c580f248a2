package roster.base.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// The bytes that clients have in memory, by what they are for: those of one address, of one organisation, or of all.
final class Share {
    /// What bytes are for: heads that are not complete, bodies, large answers; and what is small, whatever it is.
    enum Use {
        HEADS(4), BODIES(2), ANSWERS(1), SMALL(1);

        private final int divisor;

        Use(int divisor) {
            this.divisor = divisor;
        }

        /// How many of all bytes may be used for it.
        long of(long all) {
            return all / divisor;
        }
    }

    final Object whose;
    private final AtomicLongArray bytes = new AtomicLongArray(Use.values().length);
    private final AtomicInteger users = new AtomicInteger();

    Share(Object whose) {
        this.whose = whose;
    }

    /// Connections of the address, or requests of the organisation.
    int users() {
        return users.get();
    }

    /// One more, or one less.
    Share count(int more) {
        users.addAndGet(more);
        return this;
    }

    void add(Use use, long some) {
        bytes.addAndGet(use.ordinal(), some);
    }

    /// What counts when more is wanted: large answers get what heads and bodies leave.
    long used(Use use) {
        return use == Use.ANSWERS ? large() : get(use);
    }

    /// All but what is small.
    long large() {
        return get(Use.HEADS) + get(Use.BODIES) + get(Use.ANSWERS);
    }

    long get(Use use) {
        return bytes.get(use.ordinal());
    }
}
