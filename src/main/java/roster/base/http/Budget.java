package roster.base.http;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;
import roster.base.http.OrganisationBytes.Use;

/// What all clients may use of the server at the same time, and how much of it one address: connections, and bytes of heads,
/// bodies and answers in memory. What the requests of one organisation may have of these, [OrganisationBytes] says.
///
/// Small requests and answers have as many bytes again, of their own: large ones keep them out as little as they keep large
/// ones out.
///
/// Bytes are taken before they are read or copied, and given back once they are sent. So clients that send or ask for much,
/// or are slow to take it, get a 503 instead of the memory of others.
final class Budget {
    private static final int IN_NEED = 2;

    /// What requests that are not complete may have of all bytes, so that answers find the rest. Answers that no one reads
    /// keep no request out, and heads no body.
    enum Part {
        HEADS(4), BODIES(2);

        private final int divisor;

        Part(int divisor) {
            this.divisor = divisor;
        }
    }

    private final Limits limits;
    private final Predicate<InetAddress> crowd;
    /// For large answers, all requests without an organisation count as those of one.
    static final Object STRANGERS = "no organisation";

    private final AtomicLong bytes = new AtomicLong(); // without small ones
    private final AtomicLong small = new AtomicLong();
    private final AtomicLongArray ofParts = new AtomicLongArray(Part.values().length);
    private final Map<InetAddress, Share> shares = new ConcurrentHashMap<>();
    private final OrganisationBytes organisations = new OrganisationBytes();
    private final OrganisationBytes smallOfOrganisations = new OrganisationBytes();

    /// @param crowd addresses that stand for many clients, such as those of proxies: they may use all of it
    Budget(Limits limits, Predicate<InetAddress> crowd) {
        this.limits = limits;
        this.crowd = crowd;
    }

    /// Bytes in use.
    long bytes() {
        return bytes.get() + small.get();
    }

    /// The share of an address, for one more connection. To be closed with the connection.
    Share open(InetAddress address) {
        return shares.compute(address, (_, share) -> {
            var its = share == null ? new Share(address, crowd.test(address)) : share;
            its.connections.incrementAndGet();
            return its;
        });
    }

    /// Takes bytes, of those that the share of an address has taken, for the answer to a request of an organisation.
    ///
    /// @return whether the organisation may have them
    boolean tryTakeAnswer(Object organisation, long some) {
        return organisations.tryTake(organisation, new Use(0, some), Use::both, limits.bytes() - bytes.get());
    }

    /// The same for the answer to a change: up to a quarter of all, also if others have the rest.
    boolean takeAnswerInNeed(Object organisation, long some) {
        return organisations.tryTake(organisation, new Use(0, some), Use::both,
            Math.max(limits.bytes() - bytes.get(), limits.bytes() / 4));
    }

    /// The same for a body.
    boolean tryTakeBody(Object organisation, long some) {
        return organisations.tryTake(organisation, new Use(some, 0), Use::bodies,
            limits.bytes() / Part.BODIES.divisor - ofParts.get(Part.BODIES.ordinal()));
    }

    void give(Object organisation, Use some) {
        organisations.give(organisation, some);
    }

    /// What the connections of one address use together.
    final class Share {
        private final InetAddress address;
        private final boolean unlimited;
        private final AtomicLong taken = new AtomicLong();
        private final AtomicLong takenSmall = new AtomicLong();
        private final AtomicLongArray takenOfParts = new AtomicLongArray(Part.values().length);
        private final AtomicInteger connections = new AtomicInteger();

        private Share(InetAddress address, boolean unlimited) {
            this.address = address;
            this.unlimited = unlimited;
        }

        /// Whether the address has more connections than it may.
        boolean isCrowded() {
            return !unlimited && connections.get() > limits.connectionsOfOne();
        }

        /// Takes bytes for an answer if there are enough left, for this address and for all.
        boolean tryTake(long some) {
            take(some);
            if (bytes.get() > limits.bytes() || !unlimited && taken.get() > limits.bytesOfOne()) {
                give(some);
                return false;
            }
            return true;
        }

        /// Takes bytes for a request that is not complete, if its part has enough left, for this address and for all.
        boolean tryTake(long some, Part part) {
            take(some);
            var all = ofParts.addAndGet(part.ordinal(), some);
            var its = takenOfParts.addAndGet(part.ordinal(), some);
            if (all > limits.bytes() / part.divisor || !unlimited && its > limits.bytesOfOne() / part.divisor
                || bytes.get() > IN_NEED * limits.bytes()) {
                give(some, part);
                return false;
            }
            return true;
        }

        /// Takes bytes for what should not be refused any more, such as the answer to a change: up to twice what there is.
        boolean takeInNeed(long some) {
            take(some);
            if (bytes.get() > IN_NEED * limits.bytes()) {
                give(some);
                return false;
            }
            return true;
        }

        /// Takes bytes for what is small, if there are enough left, for this address, for the organisation and for all.
        ///
        /// @param organisation none if it is not known: then what is left is shared by address
        boolean tryTakeSmall(Object organisation, long some) {
            var all = small.addAndGet(some);
            var its = takenSmall.addAndGet(some);
            if (all <= limits.bytes() && (unlimited || its <= limits.bytesOfOne()) && smallOfOrganisations
                .tryTake(organisation == null ? address : organisation, new Use(0, some), Use::both,
                    limits.bytes() - all)) {
                return true;
            }
            small.addAndGet(-some);
            takenSmall.addAndGet(-some);
            return false;
        }

        void giveSmall(Object organisation, long some) {
            smallOfOrganisations.give(organisation == null ? address : organisation, new Use(0, some));
            small.addAndGet(-some);
            takenSmall.addAndGet(-some);
        }

        private void take(long some) {
            bytes.addAndGet(some);
            taken.addAndGet(some);
        }

        void give(long some) {
            bytes.addAndGet(-some);
            taken.addAndGet(-some);
        }

        void give(long some, Part part) {
            give(some);
            ofParts.addAndGet(part.ordinal(), -some);
            takenOfParts.addAndGet(part.ordinal(), -some);
        }

        void close() {
            shares.computeIfPresent(address, (_, share) -> share.connections.decrementAndGet() == 0 ? null : share);
        }
    }
}
