package roster.core.bulk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.OrgVersions;
import roster.core.bulk.Result.Reason;
import roster.core.bulk.Selection.Chosen;
import roster.core.invitation.Invitations;
import roster.core.mail.SendingLimits;
import roster.core.reader.PastedLine;
import roster.core.reader.PeopleReader;
import roster.core.reader.PeopleReader.People;
import roster.core.role.Roles;
import roster.core.user.ManyUsers;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Email;
import roster.model.Problem;
import roster.model.Problem.Forbidden;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// People who were pasted: what an invitation would do with each line, by a rehearsal of it, and who is meant.
public final class PastedPeople {
    /// How long the lines of one text may take.
    private static final Duration REHEARSED = Duration.ofSeconds(20);

    /// Names of roles that differ in so many characters at most are taken for mistyped.
    private static final int DISTANCE_MAX = 3;

    private static final long KEPT_LINES = 100_000;
    private static final Duration KEPT = Duration.ofMinutes(2);

    /// What happens with a line.
    public sealed interface Verdict {
        record New() implements Verdict {}

        /// @param invited when they were, if they were before
        record Reminder(Optional<Instant> invited) implements Verdict {}

        record Member() implements Verdict {}

        record Disabled(Optional<User.Id> user) implements Verdict {}

        /// @param first the line with the same address
        record Repeated(int first) implements Verdict {}

        record Fix(Why why) implements Verdict {}

        /// There was no time to look.
        record Unknown() implements Verdict {}

        /// Whether something is sent.
        default boolean isInvited() {
            return this instanceof New || this instanceof Reminder;
        }
    }

    /// What is wrong with a line.
    public sealed interface Why {
        record Unreadable(PastedLine.Fault fault) implements Why {}

        /// @param meant the role with the nearest name
        record NoRole(String name, Optional<String> meant) implements Why {}

        /// @param more permissions that the role has and the caller has not
        record NotGivable(String role, int more) implements Why {}

        record NameTooLong(int characters) implements Why {}

        record ServiceAccount() implements Why {}

        record Other(String reason) implements Why {}
    }

    public record Checked(PastedLine line, Verdict verdict) {
        /// The domain of an address that something is sent to and that may be mistyped, as it has no dot.
        public Optional<String> domainWithoutDot() {
            return line.domainWithoutDot().filter(_ -> verdict.isInvited());
        }
    }

    /// @param remaining invitations that may be sent now
    /// @param resetSeconds until there is room for all
    public record Limit(long remaining, long resetSeconds) {}

    /// @param header of a table
    /// @param limit if there is not room for all of them now
    public record Check(List<Checked> lines, Optional<String> header, boolean windows, Optional<Limit> limit) {
        public Check {
            lines = List.copyOf(lines);
        }

        public long invited() {
            return lines.stream().filter(one -> one.verdict().isInvited()).count();
        }

        /// The lines that need fixing, to be pasted again; empty if there are none.
        public String toFix() {
            var lines = this.lines.stream().filter(one -> one.verdict() instanceof Verdict.Fix)
                .map(one -> one.line().source()).collect(Collectors.joining("\n"));
            return lines.isEmpty() ? "" : header.map(first -> first + "\n").orElse("") + lines;
        }
    }

    private record Key(UUID selection, UUID org, OrgVersions.State state) {}

    private final Database db;
    private final Users users;
    private final Roles roles;
    private final ManyUsers many;
    private final Invitations invitations;
    private final SendingLimits limits;
    private final Bulk bulk;

    /// Checks of an organisation at one version: each segment and page of one shows the same.
    private final Cache<Key, Check> kept = Caffeine.newBuilder().maximumWeight(KEPT_LINES)
        .<Key, Check>weigher((_, check) -> check.lines().size() + 1).expireAfterWrite(KEPT).build();

    PastedPeople(Database db, Users users, Roles roles, ManyUsers many, Invitations invitations, SendingLimits limits,
        Bulk bulk) {
        this.db = db;
        this.users = users;
        this.roles = roles;
        this.many = many;
        this.invitations = invitations;
        this.limits = limits;
        this.bulk = bulk;
    }

    /// What an invitation of all of them would do. Nothing is sent or changed.
    ///
    /// @throws Refused with [Forbidden] if the caller may not invite
    public Check check(Caller caller, Selection selection, Chosen.Pasted pasted) {
        var state = new OrgVersions.State(caller.version(), caller.stamp());
        return kept.get(new Key(selection.id(), caller.org().value(), state), _ -> checked(caller, pasted));
    }

    private Check checked(Caller caller, Chosen.Pasted pasted) {
        var people = people(pasted);
        var reading = new Reading(caller, pasted, people.lines());
        reading.rehearse();
        return new Check(reading.checked(), people.header(), people.windows(),
            limit(caller, reading.checked().stream().filter(one -> one.verdict().isInvited()).count()));
    }

    private static People people(Chosen.Pasted pasted) {
        return switch (PeopleReader.read(pasted.text().text())) {
            case People(var lines, var header, var _) -> new People(lines, header, pasted.text().windows());
            case PeopleReader.TooManyLines _,PeopleReader.TooLong _ -> throw new Refused(new Problem.TooLarge());
        };
    }

    /// Whom an invitation is about: each address once, without lines that cannot be read or name a role that there is not.
    ///
    /// @throws Refused with [Forbidden] if the caller may not invite
    public List<Item> invited(Caller caller, Chosen.Pasted pasted) {
        return new Reading(caller, pasted, people(pasted).lines()).items();
    }

    /// The order that invites them.
    public static Order order(Chosen.Pasted pasted) {
        return new Order(Act.INVITE, pasted.roles(), pasted.send());
    }

    private Optional<Limit> limit(Caller caller, long people) {
        var wanted = (int) Math.min(people, limits.most().orElse(people));
        try {
            return db.rehearse(caller, tx -> {
                limits.admit(tx, wanted);
                return Optional.<Limit>empty();
            });
        } catch (Refused e) {
            if (e.problem() instanceof Problem.LimitReached limit) {
                return Optional.of(new Limit(limit.remaining(), limit.resetSeconds()));
            }
            throw e;
        }
    }

    /// The lines of one text as they are understood.
    private final class Reading {
        private final Caller caller;
        private final Chosen.Pasted pasted;
        private final List<PastedLine> lines;
        private final Map<String, Role> byName = new HashMap<>();
        private final Verdict[] verdicts;
        private final List<Item> items = new ArrayList<>();
        private final List<Integer> places = new ArrayList<>();

        private Reading(Caller caller, Chosen.Pasted pasted, List<PastedLine> lines) {
            if (!caller.holds(Act.INVITE.needed())) {
                throw new Refused(new Forbidden(Act.INVITE.needed()));
            }
            this.caller = caller;
            this.pasted = pasted;
            this.lines = lines;
            this.verdicts = new Verdict[lines.size()];
            if (lines.stream().anyMatch(line -> !line.roles().isEmpty())) {
                db.read(tx -> roles.changedSince(tx, caller.org(), 0))
                    .forEach(role -> byName.put(folded(role.name()), role));
            }
            understand();
        }

        private static String folded(String name) {
            return Text.folded(Text.name(name));
        }

        private void understand() {
            var first = new HashMap<String, Integer>();
            for (int i = 0; i < lines.size(); i++) {
                var line = lines.get(i);
                var email = line.email().flatMap(Email::folded);
                if (email.isEmpty()) {
                    verdicts[i] = new Verdict.Fix(new Why.Unreadable(line.fault()
                        .orElseGet(PastedLine.Fault.NoAddress::new)));
                    continue;
                }
                var missing = line.roles().stream().filter(name -> !byName.containsKey(folded(name))).findFirst();
                if (missing.isPresent()) {
                    verdicts[i] = new Verdict.Fix(new Why.NoRole(missing.get(), nearest(missing.get())));
                } else if (first.putIfAbsent(email.get(), line.number()) != null) {
                    verdicts[i] = new Verdict.Repeated(first.get(email.get()));
                } else {
                    places.add(i);
                    items.add(new Item.Newcomer(email.get(), line.name(), line.title(),
                        line.roles().stream().map(name -> byName.get(folded(name)).id()).distinct().toList()));
                }
            }
        }

        private Optional<String> nearest(String name) {
            var sought = Text.cut(folded(name), Role.NAME_MAX);
            return byName.entrySet().stream()
                .map(role -> Map.entry(role.getValue().name(), Text.distance(sought, role.getKey())))
                .filter(role -> role.getValue() <= DISTANCE_MAX).min(Comparator.comparingInt(Map.Entry::getValue))
                .map(Map.Entry::getKey);
        }

        private List<Item> items() {
            return items;
        }

        /// Without sending: what may be sent in an hour is looked at by itself.
        private void rehearse() {
            var results =
                bulk.rehearse(caller, new Order(Act.INVITE, pasted.roles(), false), items, REHEARSED).results();
            var known = known(results);
            for (int i = 0; i < items.size(); i++) {
                var place = places.get(i);
                verdicts[place] = i < results.size() ? verdict(lines.get(place), results.get(i), known)
                    : new Verdict.Unknown();
            }
        }

        /// Those who are here already, by their address, and when they were invited last.
        private record Known(Map<String, User> users, Map<User.Id, Instant> invited) {}

        private Known known(List<Result> results) {
            var addresses = new LinkedHashSet<String>();
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).user().isEmpty()) {
                    addresses.add(((Item.Newcomer) items.get(i)).email());
                }
            }
            return db.read(tx -> {
                var users = many.withAddresses(tx, caller.org(), addresses);
                return new Known(users,
                    invitations.lastInvited(tx, caller.org(), users.values().stream().map(User::id).toList()));
            });
        }

        private Verdict verdict(PastedLine line, Result result, Known known) {
            var user = line.email().flatMap(Email::folded).map(known.users()::get);
            return switch (result.outcome()) {
                case DONE -> result.user().isPresent() ? new Verdict.New()
                    : new Verdict.Reminder(user.map(User::id).map(known.invited()::get));
                case SKIPPED -> new Verdict.Member();
                case REFUSED -> result.reason().equals(Optional.of(Reason.DISABLED))
                    ? new Verdict.Disabled(user.map(User::id)) : new Verdict.Fix(why(line, result));
            };
        }

        private Why why(PastedLine line, Result result) {
            return switch (result.reason().orElseThrow()) {
                case SERVICE_ACCOUNT -> new Why.ServiceAccount();
                case NO_ROLE -> new Why.NoRole("", Optional.empty());
                case NOT_ALLOWED -> new Why.NotGivable(result.detail(), more(result.detail()));
                case INVALID -> line.name().filter(name -> Text.isLonger(name, User.NAME_MAX))
                    .<Why>map(name -> new Why.NameTooLong(Text.length(name)))
                    .orElseGet(() -> new Why.Other(result.detail()));
                default -> new Why.Other(result.detail());
            };
        }

        private int more(String name) {
            return (int) db.read(tx -> roles.withName(tx, caller.org(), name)).stream()
                .flatMap(role -> role.permissions().stream()).filter(permission -> !caller.holds(permission)).count();
        }

        private List<Checked> checked() {
            return Stream.iterate(0, i -> i + 1).limit(lines.size()).map(i -> new Checked(lines.get(i), verdicts[i]))
                .toList();
        }
    }

    /// A line that names a user who is here, or not.
    ///
    /// @param repeats the line that names the same user first
    public record Found(PastedLine line, Optional<User> user, Optional<Integer> repeats) {}

    /// Which users a text names, by their addresses or ids.
    public List<Found> found(Caller caller, Chosen.Pasted pasted) {
        var lines = people(pasted).lines();
        var ids = lines.stream().flatMap(line -> PastedIds.in(line).stream()).distinct().toList();
        var addresses = lines.stream().flatMap(line -> line.email().flatMap(Email::known).stream()).distinct().toList();
        var named = db.read(tx -> {
            var all = new HashMap<String, User>(many.withAddresses(tx, caller.org(), addresses));
            users.all(tx, caller.org(), ids).forEach(user -> all.put(user.id().toString(), user));
            return all;
        });
        var first = new HashMap<User.Id, Integer>();
        var found = new ArrayList<Found>();
        for (var line : lines) {
            var user = line.email().flatMap(Email::known)
                .or(() -> PastedIds.in(line).map(User.Id::toString)).map(named::get);
            var repeats = user.map(one -> first.putIfAbsent(one.id(), line.number()));
            found.add(new Found(line, user, repeats));
        }
        return found;
    }
}
