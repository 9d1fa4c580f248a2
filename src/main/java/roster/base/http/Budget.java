package roster.base.http;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import roster.base.http.Share.Use;

/// How many bytes of heads, bodies and answers may be in memory at the same time, and how many of them may be one client's.
///
/// Bytes are taken before they are read or copied, and given back once they are sent. So clients that send or ask for much,
/// or are slow to take it, get a 503 instead of the memory of others.
///
/// Heads that are not complete may have a quarter of the bytes, and bodies half, so that answers find the rest; answers that
/// are not taken keep no request out. What is small has as many bytes again, of its own. An address may have a set part of
/// each. An organisation, from however many addresses its requests come, may have as many as are left free, as with
/// [roster.base.fair.FairPlaces]; and always a few, so that many organisations together do not keep out one that has none.
final class Budget {
    /// What an organisation may have for each use, whatever others have, as a part of all.
    private static final int LEAST = 32;

    /// The same for answers to changes, which should not be refused, as the change has been made.
    private static final int LEAST_IN_NEED = 4;

    /// How many times as much there may be at most, with all that organisations may always have.
    private static final int BEYOND = 2;

    private final Limits limits;
    private final Predicate<InetAddress> proxies;
    private final Share all = new Share("all");
    private final Map<Object, Share> addresses = new ConcurrentHashMap<>();
    private final Map<Object, Share> organisations = new ConcurrentHashMap<>();

    /// @param proxies addresses that stand for many clients: they may use all of it
    Budget(Limits limits, Predicate<InetAddress> proxies) {
        this.limits = limits;
        this.proxies = proxies;
    }

    /// Bytes in use.
    long bytes() {
        return all.large() + all.get(Use.SMALL);
    }

    /// Whether more heads are being waited for than should be.
    boolean hasManyHeads() {
        return all.get(Use.HEADS) > Use.HEADS.of(limits.bytes());
    }

    /// The share of an address, for one more connection. To be closed with the connection.
    Share openAddress(InetAddress address) {
        return open(addresses, address);
    }

    /// The share of an organisation, for one more request. To be closed with the request.
    Share openOrganisation(Object organisation) {
        return open(organisations, organisation);
    }

    private static Share open(Map<Object, Share> shares, Object whose) {
        return shares.compute(whose, (_, share) -> (share == null ? new Share(whose) : share).count(1));
    }

    void closeAddress(Share share) {
        close(addresses, share);
    }

    void closeOrganisation(Share share) {
        close(organisations, share);
    }

    private static void close(Map<Object, Share> shares, Share share) {
        shares.computeIfPresent(share.whose, (_, its) -> its.count(-1).users() == 0 ? null : its);
    }

    /// Whether the address has more connections than it may.
    boolean isCrowded(Share address) {
        return address.users() > limits.connectionsOfOne() && !isProxy(address);
    }

    private boolean isProxy(Share address) {
        return address.whose instanceof InetAddress inet && proxies.test(inet);
    }

    /// Takes bytes, if the address and the organisation may have so many.
    ///
    /// @param organisation null where it is not known yet
    /// @param inNeed whether it is for the answer to a change
    /// @return whether it has taken them
    boolean take(Use use, long some, Share address, Share organisation, boolean inNeed) {
        give(use, -some, address, organisation);
        var enough = isEnough(use, organisation, inNeed) && (inNeed || isWithinPart(use, address));
        if (!enough) {
            give(use, some, address, organisation);
        }
        return enough;
    }

    void give(Use use, long some, Share address, Share organisation) {
        all.add(use, -some);
        address.add(use, -some);
        if (organisation != null) {
            organisation.add(use, -some);
        }
    }

    private boolean isEnough(Use use, Share organisation, boolean inNeed) {
        var size = use.of(limits.bytes());
        var taken = all.used(use);
        var its = organisation == null ? 0 : organisation.used(use);
        var least = size / (inNeed ? LEAST_IN_NEED : LEAST);
        return (its <= size - taken || its <= least && taken <= BEYOND * size)
            && (use == Use.SMALL || all.large() <= BEYOND * limits.bytes());
    }

    private boolean isWithinPart(Use use, Share address) {
        return address.used(use) <= use.of(limits.bytesOfOne()) || isProxy(address);
    }
}
