package roster.core.provisioning;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.scim.Filter;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.base.scim.Operand.Written;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.BadScim;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.User;

/// Lists of people, as directories look for them.
public final class PeopleSearch {
    /// How long a filter may take that no index answers.
    private static final Duration SCAN_MAX = Duration.ofSeconds(5);

    private final Database db;
    private final ProvisionedUserRows rows;

    PeopleSearch(Database db, ProvisionedUserRows rows) {
        this.db = db;
        this.rows = rows;
    }

    /// A part of those who match, the oldest first.
    ///
    /// @param total how many match
    public record Found(List<ProvisionedUser> users, long total) {}

    /// @param skipped how many come before the part
    /// @param most none, if only the total is asked for
    /// @throws Refused with `tooMany` if the filter takes too long
    public Found list(Org.Id org, Optional<Filter> filter, long skipped, int most) {
        if (filter.isEmpty()) {
            return db
                .read(tx -> new Found(most == 0 ? List.of() : rows.page(tx, org, skipped, most), rows.count(tx, org)));
        }
        var indexed = db.read(tx -> candidates(tx, org, filter.get()));
        if (indexed.isEmpty()) {
            return scanned(org, filter.get(), skipped, most);
        }
        var found = indexed.get().stream().filter(one -> filter.get().matches(one.searchable().values())).toList();
        return new Found(found.stream().skip(skipped).limit(most).toList(), found.size());
    }

    /// Those who alone can match, by an index, in the order of lists; none if no index helps.
    private Optional<List<ProvisionedUser>> candidates(Tx tx, Org.Id org, Filter filter) {
        return filter.conjuncts().stream().flatMap(part -> lookedUp(tx, org, part).stream()).findFirst();
    }

    private Optional<List<ProvisionedUser>> lookedUp(Tx tx, Org.Id org, Filter part) {
        return switch (part) {
            case Compare compare when compare.operand() instanceof Written(var typed, _, _) -> {
                if (compare.isEqual("id")) {
                    yield Optional
                        .of(Id.parse(typed).flatMap(id -> rows.find(tx, org, new User.Id(id))).stream().toList());
                }
                var address = address(part, PersonEmails.EMAILS + ".value");
                yield address.isPresent() ? Optional.of(rows.withAddress(tx, org, address.get()))
                    : compare.isEqual(ProvisionedUser.USER_NAME) ? Optional.of(rows.withUserName(tx, org, typed))
                    : compare.isEqual(ProvisionedUser.EXTERNAL_ID) ? Optional.of(rows.withExternalId(tx, org, typed))
                    : Optional.empty();
            }
            case Element element when element.name().is(PersonEmails.EMAILS) ->
                element.filter().conjuncts().stream().flatMap(inner -> address(inner, "value").stream()).findFirst()
                    .map(address -> rows.withAddress(tx, org, address));
            default -> Optional.empty();
        };
    }

    /// The address that an `eq` names. Only those that Roster knows people by are looked for.
    private static Optional<String> address(Filter part, String name) {
        return part instanceof Compare compare && compare.isEqual(name)
            && compare.operand() instanceof Written(var typed, _, _) ? Optional.of(typed) : Optional.empty();
    }

    /// Looks at everyone. Few of these run at a time.
    private Found scanned(Org.Id org, Filter filter, long skipped, int most) {
        var end = System.nanoTime() + SCAN_MAX.toNanos();
        var users = new ArrayList<ProvisionedUser>();
        var total = new long[1];
        try {
            return db.search(tx -> {
                rows.each(tx, org, user -> {
                    if (System.nanoTime() > end) {
                        throw tooMany();
                    }
                    if (filter.matches(user.searchable().values()) && total[0]++ >= skipped && users.size() < most) {
                        users.add(user);
                    }
                });
                return new Found(rows.managed(tx, org, users), total[0]);
            });
        } catch (Refused e) {
            throw e.problem() instanceof Unavailable && System.nanoTime() > end ? tooMany() : e;
        }
    }

    private static Refused tooMany() {
        return new Refused(new BadScim(ScimType.TOO_MANY, "The filter takes too long in an organization of this size"));
    }
}
