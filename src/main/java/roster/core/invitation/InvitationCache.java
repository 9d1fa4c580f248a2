package roster.core.invitation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.fair.PatientLock;
import roster.core.directory.OrgStates;
import roster.core.index.InvitationIndex;
import roster.core.index.InvitationIndex.ChangedUser;
import roster.core.index.InvitationIndex.Entry;
import roster.core.index.InvitationIndex.Invitee;
import roster.core.index.InvitationIndex.Moment;
import roster.model.Org;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The invitations of organisations in the memory of this node, each brought up to the snapshot in which it is read: by
/// what changed since it was read last, or by loading.
///
/// One request of an organisation reads at a time; the others wait. So however many lists it asks for, they take one
/// connection.
final class InvitationCache {
    /// Reads in the snapshot that the index is at.
    @FunctionalInterface
    interface Reader<T> {
        T read(Tx tx, InvitationIndex index, Moment moment);
    }

    /// With more changed rows than this, loading is cheaper.
    private static final int CHANGES_MAX = 20_000;

    /// What an invitation takes in memory, in bytes: less than most do.
    private static final int BYTES_MIN = 150;

    private static final String ENTRIES = """
        SELECT i.id, i.inviter_id, i.email, i.created_at, i.expires_at, i.accepted_at IS NOT NULL AS accepted,
               i.cancelled_at IS NOT NULL AS cancelled, u.id AS user_id, u.email AS user_email, u.disabled, u.verified
          FROM invitations i JOIN users u ON u.org_id = i.org_id AND u.id = i.user_id
        """;

    private final Database db;
    private final long bytesMax;
    private final Cache<Org.Id, CachedOrg> orgs;

    /// One organisation at a time is loaded, as what is being loaded takes memory that is not counted yet.
    private final PatientLock loading = new PatientLock();

    /// @param bytesMax for all organisations together
    InvitationCache(Database db, long bytesMax) {
        this.db = db;
        this.bytesMax = bytesMax;
        this.orgs = Caffeine.newBuilder().maximumWeight(bytesMax)
            .weigher((Org.Id org, CachedOrg cached) -> cached.weight()).build();
    }

    /// What is known of an organisation.
    private static final class CachedOrg {
        private final PatientLock lock = new PatientLock();

        /// None before it was loaded, and where there are more invitations than fit.
        private Optional<InvitationIndex> index = Optional.empty();
        private State state;

        /// A number of invitations that did not fit.
        private long tooMany = Long.MAX_VALUE;

        /// Looked at without the lock.
        private volatile long bytes;

        private int weight() {
            return (int) Math.min(Integer.MAX_VALUE, 200 + bytes);
        }
    }

    /// Reads the invitations of an organisation in one snapshot, taken after the call.
    ///
    /// @return none if there are more than fit into memory
    /// @throws Refused with [Unavailable] if others of the organisation took too long
    <T> Optional<T> read(Org.Id org, Reader<T> reader) {
        var cached = orgs.get(org, _ -> new CachedOrg());
        cached.lock.lock();
        try {
            Optional<T> answer = Optional.empty();
            if (cached.index.isPresent()) {
                answer = db.read(tx -> refreshed(tx, org, cached).map(moment -> answer(tx, cached, reader, moment)));
            }
            if (answer.isEmpty()) {
                answer = db.readLong(tx -> loaded(tx, org, cached).map(moment -> answer(tx, cached, reader, moment)));
            }
            return answer;
        } finally {
            cached.bytes = cached.index.map(InvitationIndex::bytes).orElse(0L);
            cached.lock.unlock();
            orgs.asMap().computeIfPresent(org, (_, there) -> there); // weighs it again
        }
    }

    private static <T> T answer(Tx tx, CachedOrg cached, Reader<T> reader, Moment moment) {
        return reader.read(tx, cached.index.orElseThrow(), moment);
    }

    private static Moment moment(Tx tx, Org.Id org) {
        return tx.query("SELECT disabled, roster_now() AS now FROM orgs WHERE id = ?", org)
            .one(row -> new Moment(row.bool("disabled"), row.instant("now")));
    }

    /// Takes over what changed.
    ///
    /// @return none if it must be loaded
    private Optional<Moment> refreshed(Tx tx, Org.Id org, CachedOrg cached) {
        var now = OrgStates.of(tx, org);
        if (!now.equals(cached.state)) {
            var since = cached.state;
            if (now.version() < since.version() || !OrgStates.wentOnFrom(tx, org, since)) {
                return Optional.empty();
            }
            var users = changedUsers(tx, org, since.version());
            var entries = tx.query(ENTRIES + " WHERE i.org_id = ? AND i.version > ? LIMIT ?", org, since.version(),
                CHANGES_MAX + 1).list(InvitationCache::entry);
            if (users.size() > CHANGES_MAX || entries.size() > CHANGES_MAX) {
                return Optional.empty();
            }
            change(cached, users, entries);
            cached.state = now;
        }
        return Optional.of(moment(tx, org));
    }

    private static void change(CachedOrg cached, List<ChangedUser> users, List<Entry> entries) {
        var index = cached.index.orElseThrow();
        cached.index = Optional.empty(); // if this fails it is half changed
        index.changed(users);
        entries.forEach(index::put);
        cached.index = Optional.of(index);
    }

    private static List<ChangedUser> changedUsers(Tx tx, Org.Id org, long since) {
        return tx.query("""
            SELECT u.id AS user_id, u.email AS user_email, u.disabled, u.verified,
                   EXISTS (SELECT 1 FROM invitations i WHERE i.org_id = u.org_id AND i.user_id = u.id) AS invited
              FROM users u WHERE u.org_id = ? AND u.version > ? LIMIT ?
            """, org, since, CHANGES_MAX + 1).list(row -> new ChangedUser(invitee(row), row.bool("invited")));
    }

    /// Its turn to load comes when it has its place for a long read: one that waits for a place must not keep others from
    /// loading.
    ///
    /// @return none if there is no room
    private Optional<Moment> loaded(Tx tx, Org.Id org, CachedOrg cached) {
        loading.lock();
        try {
            return load(tx, org, cached) ? Optional.of(moment(tx, org)) : Optional.empty();
        } finally {
            loading.unlock();
        }
    }

    /// @return whether there is room
    private boolean load(Tx tx, Org.Id org, CachedOrg cached) {
        cached.index = Optional.empty();
        var number =
            tx.query("SELECT count(*) AS n FROM invitations WHERE org_id = ?", org).one(row -> row.number("n"));
        if (number * BYTES_MIN > bytesMax || number >= cached.tooMany) {
            return false;
        }
        var index = new InvitationIndex(
            each -> tx.query(ENTRIES + " WHERE i.org_id = ?", org).each(row -> each.accept(entry(row))));
        if (index.bytes() > bytesMax) {
            cached.tooMany = number;
            return false;
        }
        cached.index = Optional.of(index);
        cached.state = OrgStates.of(tx, org);
        return true;
    }

    private static Entry entry(Row row) {
        return new Entry(row.uuid("id"), invitee(row), row.optionalUuid("inviter_id"), row.text("email"),
            row.instant("created_at"), row.instant("expires_at"), row.bool("accepted"), row.bool("cancelled"));
    }

    private static Invitee invitee(Row row) {
        return new Invitee(row.uuid("user_id"), row.text("user_email"), row.bool("disabled"), row.bool("verified"));
    }
}
