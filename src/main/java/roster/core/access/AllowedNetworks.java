package roster.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.base.net.Network;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Refused;

/// The networks from which an organisation's keys may be used: its IP allowlist. Reads the tables of the allowlist itself,
/// as it comes before all nouns. Remembers what it read like [Callers] does: as long as the organisation has the version
/// and stamp at which it was read, or no write since then changed access.
public final class AllowedNetworks {
    private static final int KNOWN_MAX = 10_000;

    private final Database db;
    private final Cache<Org.Id, Remembered> known = Caffeine.newBuilder().maximumSize(KNOWN_MAX).build();

    public AllowedNetworks(Database db) {
        this.db = db;
    }

    /// @param networks none where the organisation may be called from anywhere
    private record Remembered(long version, long stamp, Optional<List<Network>> networks) {}

    /// @param caller as admitted by their keys, at a state of their organisation after the request arrived
    /// @throws Refused with [BadKeys]
    public void mustAdmit(Caller caller, InetAddress from) {
        var remembered = known.getIfPresent(caller.org());
        if (remembered == null || !db.keepsAccess(caller.at(remembered.version(), remembered.stamp()),
            new OrgVersions.State(caller.version(), caller.stamp()))) {
            // What is read now may be newer than the state it is kept under, never older.
            remembered = new Remembered(caller.version(), caller.stamp(), db.read(tx -> of(tx, caller.org())));
            known.put(caller.org(), remembered);
        }
        check(remembered.networks(), from);
    }

    /// The same under the lock, for callers who were admitted before the list changed.
    public static void mustAdmit(Tx tx, Caller caller) {
        if (caller.address().isPresent()) {
            check(of(tx, caller.org()), Network.host(caller.address().get()));
        }
    }

    /// Whether a client may call from where they are, asked for with the statement that follows.
    public static Supplier<Boolean> admitsLater(Tx tx, Caller caller) {
        var networks = ofLater(tx, caller.org());
        return () -> caller.address().isEmpty() || allowed(networks.get(), Network.host(caller.address().get()));
    }

    private static boolean allowed(Optional<List<Network>> networks, InetAddress from) {
        return networks.isEmpty() || networks.get().stream().anyMatch(network -> network.contains(from));
    }

    private static void check(Optional<List<Network>> networks, InetAddress from) {
        if (!allowed(networks, from)) {
            throw new Refused(new BadKeys(true));
        }
    }

    private static Optional<List<Network>> of(Tx tx, Org.Id org) {
        return ofLater(tx, org).get();
    }

    /// A list without an entry is one row.
    private static Supplier<Optional<List<Network>>> ofLater(Tx tx, Org.Id org) {
        var found = tx.later(row -> row.optionalText("cidr_block"), """
            SELECT e.cidr_block FROM ip_allowlists a LEFT JOIN ip_allowlist_entries e ON e.org_id = a.org_id
             WHERE a.org_id = ? AND a.enabled
            """, org);
        return () -> found.get().isEmpty() ? Optional.empty()
            : Optional.of(found.get().stream().flatMap(Optional::stream).map(Network::parse).toList());
    }
}
