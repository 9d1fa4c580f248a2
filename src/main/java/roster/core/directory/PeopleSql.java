package roster.core.directory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import roster.base.db.Listing;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.core.index.PackedUser;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.PeopleSlice;
import roster.core.index.SortPosition;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.User;
import roster.model.User.Status;

/// One page of people by SQL: the answers of [roster.core.index.UserIndex#people].
final class PeopleSql {
    private final Tx tx;
    private final PeopleRequest request;
    private final PeopleConditions conditions;
    private final boolean descending;

    PeopleSql(Tx tx, Org.Id org, PeopleRequest request) {
        this.tx = tx;
        this.request = request;
        this.conditions = new PeopleConditions(org, request);
        this.descending = request.query().descending();
    }

    PeopleSlice slice() {
        var statuses = request.query().filter().statuses();
        var byStatus = byStatus();
        var matching = byStatus.entrySet().stream().filter(one -> statuses.isEmpty() || statuses.contains(one.getKey()))
            .mapToLong(Map.Entry::getValue).sum();
        return switch (request.place()) {
            case Place.First _ -> slice(0, request.rows(), byStatus, matching);
            case Place.End _ -> slice(matching == 0 ? 0 : (matching - 1) / request.rows() * request.rows(),
                request.rows(), byStatus, matching);
            case Place.After(var position) ->
                slice(earlier(position, descending ? ">=" : "<="), request.rows(), byStatus, matching);
            case Place.Before(var position) -> {
                var end = earlier(position, descending ? ">" : "<");
                var offset = Math.max(0, end - request.rows());
                yield slice(offset, (int) (end - offset), byStatus, matching);
            }
        };
    }

    private PeopleSlice slice(long offset, int most, Map<Status, Long> byStatus, long matching) {
        var users = listing(conditions.all()).rows(tx, SortSql.order(request.query().sort(), descending), most, offset,
            Users::user);
        return new PeopleSlice(users.stream().map(PackedUser::of).toList(), offset, matching,
            listing(conditions.ofKind()).count(tx), byStatus,
            users.isEmpty() || offset == 0 ? Optional.empty() : position(users.getFirst()),
            users.isEmpty() || offset + users.size() == matching ? Optional.empty() : position(users.getLast()));
    }

    /// Passes on all who match, in order.
    ///
    /// @return how many there were
    long each(Consumer<User> taker) {
        var count = new AtomicLong();
        listing(conditions.all()).each(tx, SortSql.order(request.query().sort(), descending), row -> {
            taker.accept(Users.user(row));
            count.incrementAndGet();
        });
        return count.get();
    }

    private Optional<SortPosition> position(User user) {
        return Optional.of(SortPosition.of(request.query().sort(), user));
    }

    private Map<Status, Long> byStatus() {
        var where = conditions.butStatus();
        var counts = new EnumMap<Status, Long>(Status.class);
        for (var status : Status.values()) {
            counts.put(status, 0L);
        }
        tx.query("SELECT " + UserLists.STATUS + " AS status, count(*) AS n FROM users u" + where.sql() + " GROUP BY 1",
            where.values().toArray())
            .list(row -> Map.entry(Status.parse(row.text("status")).orElseThrow(), row.number("n")))
            .forEach(one -> counts.put(one.getKey(), one.getValue()));
        return counts;
    }

    /// How many who match compare so with a position, in ascending order.
    private long earlier(SortPosition position, String operator) {
        var where = conditions.all();
        SortSql.compare(where, request.query().sort(), operator, position);
        return listing(where).count(tx);
    }

    private static Listing listing(Where where) {
        return new Listing(Users.COLUMNS, "FROM users u", where);
    }
}
