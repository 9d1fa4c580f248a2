package roster.core.user;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import roster.base.db.Insert;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.org.OrgConfigs;
import roster.core.role.Roles;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Creates users: people, service accounts, one or many at once. The rules, and the SQL that inserts into `users`.
public final class NewUsers {
    /// A person to be created.
    ///
    /// @param email as it was typed
    public record Wish(String email, Optional<String> name, Optional<String> title, List<Role> roles) {}

    /// What a made-up person has behind them, counted from now.
    ///
    /// @param joined whether they have accepted an invitation
    /// @param age since they were added
    /// @param signedIn since they signed in last, less than their age; none: they never did
    public record Past(boolean joined, boolean disabled, Duration age, Optional<Duration> signedIn) {
        private User of(User person) {
            var now = person.createdAt();
            return new User(person.id(), person.org(), person.email(), person.handle(), person.name(), person.title(),
                joined, disabled, false, now.minus(age), now,
                signedIn.map(ago -> now.minus(ago).truncatedTo(ChronoUnit.MILLIS)), person.roles());
        }
    }

    /// The outcome of a wish.
    public sealed interface Made {
        record Created(User user) implements Made {}

        record Refusal(Problem problem) implements Made {}
    }

    private static final Insert<User> INSERT = Insert.of("""
        INSERT INTO users (org_id, id, email, handle, name, name_folded, title, title_folded, verified, disabled,
                           service_account, created_at, modified_at, last_login_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, (tx, user) -> List.of(user.org(), user.id(), user.email(), user.handle(), user.name(),
        user.name().map(Text::folded), user.title(), user.title().map(Text::folded), user.verified(), user.disabled(),
        user.serviceAccount(), user.createdAt(), user.modifiedAt(), user.lastLoginAt(), tx.version()));

    private final AuditLog audit;
    private final OrgConfigs configs;
    private final Roles roles;
    private final Members members;
    private final Grants grants;

    public NewUsers(AuditLog audit, OrgConfigs configs, Roles roles, Members members, Grants grants) {
        this.audit = audit;
        this.configs = configs;
        this.roles = roles;
        this.members = members;
        this.grants = grants;
    }

    /// Creates a person, who is Pending until they accept an invitation.
    ///
    /// @param roleIds as they were sent
    /// @throws Refused with [Invalid] for a bad value, [Unfit] for an unknown role, [Forbidden] for a role that the
    ///     caller may not give or where only administrators may add users, [Conflict] if a human of the organisation has
    ///     the address, disabled ones included
    public User create(WriteTx tx, String email, Optional<String> name, Optional<String> title, List<String> roleIds) {
        configs.mustLetInvite(tx);
        var person = person(tx, UserText.folded(email), new Wish(email, name, title, List.of()), tx.now());
        var given = given(tx, roleIds);
        given.forEach(role -> grants.mustBeGivable(tx, role));

        // Writes of one organisation run one after the other, so checking first is enough.
        Users.mustBeFree(tx, person, person.email());
        return stored(tx, person, given);
    }

    /// Creates a service account: Active from the start, with its id as its handle. Others may have the same address.
    ///
    /// @param roleIds as they were sent
    /// @throws Refused as [#create] does but for the address, with [Forbidden] for a role that can do more than the caller
    public User createServiceAccount(WriteTx tx, String email, Optional<String> name, Optional<String> title,
        List<String> roleIds) {
        return createServiceAccount(tx, new Wish(email, name, title, List.of()), roleIds, new User.Id(tx.newId()));
    }

    /// The same under an id that was made before.
    ///
    /// @param wish whose roles do not count
    public User createServiceAccount(WriteTx tx, Wish wish, List<String> roleIds, User.Id id) {
        configs.mustLetInvite(tx);
        var person = person(tx, UserText.ofServiceAccount(wish.email()), wish, tx.now());
        var given = given(tx, roleIds);
        given.forEach(role -> grants.mustHoldAllOf(tx, role));
        return stored(tx, new User(id, person.org(), person.email(), id.toString(), person.name(),
            person.title(), true, false, true, person.createdAt(), person.modifiedAt(), Optional.empty(), List.of()),
            given);
    }

    /// Creates a person who signs in by a provider of the organisation for the first time. Pending, until [Users#verify].
    ///
    /// @param address folded, which no human of the organisation has
    /// @param role which may be given
    /// @throws Refused with [Invalid] for an address that no person can have, [Conflict] for one that is taken as a handle
    public User createSignedIn(WriteTx tx, String address, Optional<String> name, Optional<Role> role) {
        var person = person(tx, address, new Wish(address, name, Optional.empty(), List.of()), tx.now());
        Users.mustBeFree(tx, person, person.email());
        return stored(tx, person, role.stream().toList());
    }

    /// Creates a person whom a directory sends, without roles.
    ///
    /// @param email folded, for which [AddressOwners#human] has found no one in this write
    /// @param disabled whether they are born so
    /// @param more facts about them, for the audit entry
    /// @throws Refused with [Invalid] for a bad value
    public User createProvisioned(WriteTx tx, String email, Optional<String> name, Optional<String> title,
        boolean disabled, Map<String, Object> more) {
        configs.mustLetInvite(tx);
        var person = person(tx, email, new Wish(email, name, title, List.of()), tx.now());
        var user = new User(person.id(), person.org(), email, email, person.name(), person.title(), false, disabled,
            false, person.createdAt(), person.modifiedAt(), Optional.empty(), List.of());
        tx.insert(INSERT, user);
        var facts = user.facts();
        facts.putAll(more);
        audit.record(tx, "user.created", Users.subject(user), Change.created(facts));
        return user;
    }

    private User stored(WriteTx tx, User person, List<Role> given) {
        var user = person.with(given.stream().map(Role::id).toList());
        tx.insert(INSERT, user);
        given.forEach(role -> members.insert(tx, role.id(), user.id()));
        audit.record(tx, "user.created", Users.subject(user), Change.created(user.facts()));
        return user;
    }

    private List<Role> given(WriteTx tx, List<String> roleIds) {
        var given = new LinkedHashMap<Role.Id, Role>();
        for (var sent : roleIds) {
            var role = Id.parse(sent).flatMap(id -> roles.find(tx, tx.org(), new Role.Id(id)))
                .orElseThrow(() -> new Refused(new Unfit("Role %s not found".formatted(sent))));
            given.put(role.id(), role);
        }
        return List.copyOf(given.values());
    }

    /// Creates many people, by the rules of [#create]. A fault in one of them does not affect the others.
    ///
    /// @param wishes at most a few thousand: the organisation's lock is held meanwhile
    /// @return the outcome of each, in the same order
    /// @throws Refused with [Forbidden] for a role that the caller may not give, or where only administrators may add
    ///     users; nothing is changed then
    public List<Made> createAll(WriteTx tx, List<Wish> wishes) {
        return createAll(tx, wishes, (_, person) -> person);
    }

    /// The same, for demonstrations, of people who seem to have been there for some time. None of them can sign in.
    ///
    /// @param pasts of each, in the same order
    public List<Made> createMadeUp(WriteTx tx, List<Wish> wishes, List<Past> pasts) {
        return createAll(tx, wishes, (number, person) -> pasts.get(number).of(person));
    }

    private List<Made> createAll(WriteTx tx, List<Wish> wishes, BiFunction<Integer, User, User> born) {
        configs.mustLetInvite(tx);
        tx.planAnew();
        var given = new HashMap<Role.Id, Role>();
        wishes.forEach(wish -> wish.roles().forEach(role -> given.put(role.id(), role)));
        given.values().forEach(role -> grants.mustBeGivable(tx, role));

        var taken = taken(tx, tx.org(), wishes.stream().flatMap(wish -> Email.folded(wish.email()).stream()).toList());
        var made = new ArrayList<Made>();
        var users = new ArrayList<User>();
        for (var wish : wishes) {
            try {
                var user = born.apply(made.size(), person(tx, UserText.folded(wish.email()), wish,
                    tx.now().plus(users.size(), ChronoUnit.MICROS)));
                if (!taken.add(user.email())) {
                    throw taken(user.email());
                }
                users.add(user);
                made.add(new Made.Created(user));
            } catch (Refused e) {
                made.add(new Made.Refusal(e.problem()));
            }
        }
        if (users.isEmpty()) {
            return made;
        }
        tx.insertAll(INSERT, users);
        tx.passed(Duration.of(users.size() - 1, ChronoUnit.MICROS));
        members.insertAll(tx, users);
        audit.recordCreated(tx, "user.created",
            users.stream().map(user -> new AuditLog.Snapshot(Users.subject(user), facts(user))).toList());
        return made;
    }

    private static Map<String, Object> facts(User user) {
        var facts = user.facts();
        user.lastLoginAt().ifPresent(at -> facts.put("last_login_time", at));
        return facts;
    }

    /// The person of a wish, with an id, not yet stored.
    ///
    /// @param address folded
    /// @throws Refused with [Invalid] for a bad value
    static User person(WriteTx tx, String address, Wish wish, Instant at) {
        UserText.check("email", UserText.addressFault(address));
        UserText.check("name", wish.name().flatMap(UserText::nameFault));
        UserText.check("title", wish.title().flatMap(UserText::titleFault));
        return new User(new User.Id(tx.newId()), tx.org(), address, address, wish.name().map(Text::clean),
            wish.title().map(Text::clean), false, false, false, at, at, Optional.empty(),
            wish.roles().stream().map(Role::id).distinct().toList());
    }

    /// The refusal of an address that a human of the organisation has.
    static Refused taken(String address) {
        return new Refused(new Conflict("User %s already exists".formatted(address)));
    }

    /// The addresses of these that a human has, as [Users#withAddress] finds them.
    private static Set<String> taken(Tx tx, Org.Id org, List<String> addresses) {
        var taken = new HashSet<String>();
        tx.query("""
            SELECT email AS address FROM users WHERE org_id = ? AND NOT service_account AND email = ANY (?)
             UNION ALL
            SELECT handle FROM users WHERE org_id = ? AND NOT service_account AND handle = ANY (?)
            """, org, addresses, org, addresses).each(row -> taken.add(row.text("address")));
        return taken;
    }
}
