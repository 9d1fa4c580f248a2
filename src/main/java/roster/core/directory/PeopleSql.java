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
import roster.core.index.PeopleFilter.Seen;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.PeopleSlice;
import roster.core.index.SortPosition;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import roster.model.Text;
import roster.model.User;
import roster.model.User.Status;

/// One page of people by SQL: the answers of [roster.core.index.UserIndex#people].
final class PeopleSql {
    private final Tx tx;
    private final Org.Id org;
    private final PeopleRequest request;
    private final boolean descending;
    private final int most;

    PeopleSql(Tx tx, Org.Id org, PeopleRequest request) {
        this.tx = tx;
        this.org = org;
        this.request = request;
        this.descending = request.query().descending();
        this.most = request.rows();
    }

    PeopleSlice slice() {
        var statuses = request.query().filter().statuses();
        var byStatus = byStatus();
        var matching = byStatus.entrySet().stream().filter(one -> statuses.isEmpty() || statuses.contains(one.getKey()))
            .mapToLong(Map.Entry::getValue).sum();
        var offset = offset(matching);
        var users = listing(matches()).rows(tx, SortSql.order(request.query().sort(), descending), most, offset,
            Users::user);
        return new PeopleSlice(users.stream().map(PackedUser::of).toList(), offset, matching,
            listing(ofKind()).count(tx), byStatus, offset > 0 ? position(users.getFirst()) : Optional.empty(),
            offset + users.size() < matching ? position(users.getLast()) : Optional.empty());
    }

    /// Passes on all who match, in order.
    ///
    /// @return how many there were
    long each(Consumer<User> taker) {
        var count = new AtomicLong();
        listing(matches()).each(tx, SortSql.order(request.query().sort(), descending), row -> {
            taker.accept(Users.user(row));
            count.incrementAndGet();
        });
        return count.get();
    }

    private Optional<SortPosition> position(User user) {
        return Optional.of(SortPosition.of(request.query().sort(), user));
    }

    private Map<Status, Long> byStatus() {
        var where = withoutStatus();
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

    /// How many come before the page.
    private long offset(long matching) {
        var last = matching == 0 ? 0 : (matching - 1) / most * most;
        return switch (request.place()) {
            case Place.First _ -> 0;
            case Place.End _ -> last;
            case Place.After(var position) -> {
                var earlier = earlier(position, descending ? ">=" : "<=");
                yield earlier < matching ? earlier : last;
            }
            case Place.Before(var position) -> Math.max(0, earlier(position, descending ? ">" : "<") - most);
        };
    }

    private long earlier(SortPosition position, String operator) {
        var where = matches();
        SortSql.compare(where, request.query().sort(), operator, position);
        return listing(where).count(tx);
    }

    private static Listing listing(Where where) {
        return new Listing(Users.COLUMNS, "FROM users u", where);
    }

    private Where ofKind() {
        var where = Where.of("u.org_id = ?", org);
        return switch (request.query().filter().kind()) {
            case PEOPLE -> where.and("NOT u.service_account");
            case SERVICE -> where.and("u.service_account");
            case BOTH -> where;
        };
    }

    private Where matches() {
        var statuses = request.query().filter().statuses();
        return withoutStatus().andIf(statuses.isEmpty() ? Optional.empty() : Optional.of(UserLists.texts(statuses)),
            UserLists.STATUS + " = ANY (?)");
    }

    /// All conditions but that on the status.
    private Where withoutStatus() {
        var filter = request.query().filter();
        var where = ofKind();
        request.query().text().ifPresent(typed -> holds(where, typed));
        roles(where);
        seen(where);
        if (filter.withoutSecondFactor()) {
            where.and("NOT u.second_factor");
        }
        return where.andIf(request.addedFrom(), "u.created_at >= ?").andIf(request.addedBefore(), "u.created_at < ?");
    }

    private static void holds(Where where, String typed) {
        var text = Text.folded(typed);
        var sought = Email.sought(typed).orElse(text);
        var id = Id.parse(typed);
        if (id.isPresent()) {
            where.and("(" + UserLists.HOLDS + " OR u.id = ?)", text, text, sought, sought, id.get());
        } else {
            where.and("(" + UserLists.HOLDS + ")", text, text, sought, sought);
        }
    }

    private void roles(Where where) {
        var filter = request.query().filter();
        if (filter.roles().isEmpty() && !filter.withoutRoles()) {
            return;
        }
        where.and("""
            (EXISTS (SELECT 1 FROM role_members m
                      WHERE m.org_id = u.org_id AND m.user_id = u.id AND m.role_id = ANY (?::uuid[]))
             OR ? AND NOT EXISTS (SELECT 1 FROM role_members m WHERE m.org_id = u.org_id AND m.user_id = u.id))""",
            filter.roles(), filter.withoutRoles());
    }

    private void seen(Where where) {
        var seen = request.query().filter().seen();
        if (seen.isEmpty()) {
            return;
        }
        where.and("(? AND u.last_login_at IS NULL OR ? AND u.last_login_at < ?)", seen.contains(Seen.NEVER),
            seen.contains(Seen.NOT_FOR_90_DAYS), request.seenBefore());
    }
}
