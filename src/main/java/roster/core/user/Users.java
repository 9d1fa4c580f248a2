package roster.core.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.role.Administrators;
import roster.core.role.Roles;
import roster.model.Email;
import roster.model.Id;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.Forbidden;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Users of an organisation, people and service accounts: rules, and the SQL of the `users` table. [NewUsers] creates them.
public final class Users {
    /// What to change; what is not present stays.
    public record Edit(Optional<String> name, Optional<String> email, Optional<Optional<String>> title,
        Optional<Boolean> disabled) {}

    private static final User.Id BEFORE_ALL = new User.Id(new UUID(0, 0));

    /// Whether an address holds a text, folded, or what the text may mean in a domain ([Email#sought]), which is bound twice.
    /// `%1$s` is the alias of the table.
    public static final String EMAIL_HOLDS = """
        (strpos(replace(%1$s.email, 'ς', 'σ'), ?) > 0
         OR strpos(replace(CASE WHEN strpos(?, '@') > 0 THEN %1$s.email ELSE split_part(%1$s.email, '@', 2) END,
                           'ς', 'σ'), ?) > 0)""";

    /// What [#user(Row)] reads, of a `users` table called `u`.
    public static final String COLUMNS = """
        u.org_id, u.id, u.email, u.handle, u.name, u.title, u.verified, u.disabled, u.service_account, u.created_at,
        u.modified_at, u.last_login_at, u.login_methods, u.second_factor,
        ARRAY(SELECT r.id FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
               WHERE m.org_id = u.org_id AND m.user_id = u.id ORDER BY r.name_folded, r.id) AS role_ids""";

    private final AuditLog audit;
    private final Roles roles;
    private final Administrators administrators;
    private final List<UserLife> listeners = new ArrayList<>();

    public Users(AuditLog audit, Roles roles, Administrators administrators) {
        this.audit = audit;
        this.roles = roles;
        this.administrators = administrators;
    }

    /// Adds a listener. Only before the first request.
    public void follow(UserLife listener) {
        listeners.add(listener);
    }

    public Optional<User> find(Tx tx, Org.Id org, User.Id id) {
        return findLater(tx, org, id).get();
    }

    /// The same, asked for with the statement that follows.
    public Supplier<Optional<User>> findLater(Tx tx, Org.Id org, User.Id id) {
        return tx.laterOptional(Users::user, "SELECT " + COLUMNS + " FROM users u WHERE u.org_id = ? AND u.id = ?", org,
            id);
    }

    /// These users; ids that are no users of the organisation are skipped.
    public List<User> all(Tx tx, Org.Id org, Collection<User.Id> ids) {
        return ids.isEmpty() ? List.of()
            : tx.query(
                "SELECT " + COLUMNS + " FROM users u WHERE u.org_id = ? AND u.id = ANY (?::uuid[]) ORDER BY u.id",
                org, List.copyOf(ids)).list(Users::user);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound], naming the id, if it is not that of a user of the organisation
    public User named(Tx tx, Org.Id org, String id) {
        return Id.parse(id).map(User.Id::new).flatMap(found -> find(tx, org, found))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// The human whose e-mail or handle this is, if any.
    public Optional<User> withAddress(Tx tx, Org.Id org, String email) {
        return AddressOwners.human(tx, org, email).get();
    }

    /// The human who has this address now, if any. A handle does not count: it may be an address they left.
    ///
    /// @param email folded
    public Optional<User> withEmail(Tx tx, Org.Id org, String email) {
        return tx
            .query("SELECT " + COLUMNS + " FROM users u WHERE u.org_id = ? AND NOT u.service_account AND u.email = ?",
                org, email)
            .optional(Users::user);
    }

    /// The user's address, if they have shown that they read e-mail there.
    public Optional<String> provedAddress(Tx tx, User user) {
        return provedAddressLater(tx, user.org(), user.id()).get();
    }

    /// The same, asked for with the statement that follows.
    public Supplier<Optional<String>> provedAddressLater(Tx tx, Org.Id org, User.Id user) {
        return tx.laterOptional(row -> row.text("email"),
            "SELECT email FROM users WHERE org_id = ? AND id = ? AND email_proved", org, user);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound], naming the id, if it is not that of a service account of the organisation
    public User serviceAccount(Tx tx, Org.Id org, String id) {
        return Optional.of(named(tx, org, id)).filter(User::serviceAccount)
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// Enabled people in the order of their ids: paging by id returns every user who exists throughout.
    ///
    /// @param after the last one of the page before
    public List<User> enabledHumans(Tx tx, Org.Id org, Optional<User.Id> after, int most) {
        return tx.query("SELECT " + COLUMNS + """
             FROM users u WHERE u.org_id = ? AND u.id > ? AND NOT u.service_account AND NOT u.disabled
             ORDER BY u.id LIMIT ?
            """, org, after.orElse(BEFORE_ALL), most).list(Users::user);
    }

    /// How many [#enabledHumans] there are.
    public long countEnabledHumans(Tx tx, Org.Id org) {
        return tx
            .query("SELECT count(*) AS n FROM users WHERE org_id = ? AND NOT service_account AND NOT disabled", org)
            .one(row -> row.number("n"));
    }

    /// Whether all users are members of the Admin role.
    public boolean onlyAdministrators(Tx tx, Org.Id org) {
        var admin = roles.managed(tx, org, Role.Managed.ADMIN);
        return !tx.query("""
            SELECT 1 FROM users u
             WHERE u.org_id = ? AND NOT EXISTS (SELECT 1 FROM role_members m
                                                 WHERE m.org_id = u.org_id AND m.user_id = u.id AND m.role_id = ?)
             LIMIT 1
            """, org, admin.id()).any();
    }

    /// Changes what is present in the edit; sending the current values changes nothing, not even `modified_at`.
    ///
    /// Disabling has all effects of [#disable]. A new address is not proved, and open invitations are cancelled, as they
    /// went to the old one.
    ///
    /// @param id as it was sent
    /// @return the user as stored now
    /// @throws Refused with [Invalid], [NotFound], [Forbidden], [Conflict] or LastAdministrator
    public User update(WriteTx tx, String id, Edit edit) {
        return update(tx, id, edit, Optional.empty());
    }

    /// @param action of the audit entry, if it is not one of the usual ones
    User update(WriteTx tx, String id, Edit edit, Optional<String> action) {
        return checked(tx, edit, () -> Id.parse(id).flatMap(found -> find(tx, tx.org(), new User.Id(found))),
            () -> editable(tx, id), action);
    }

    /// The same for the caller's own user: callers may always change their own profile, and disable themselves.
    ///
    /// @throws Refused as [#update] does
    public User updateSelf(WriteTx tx, Edit edit) {
        Supplier<Optional<User>> found = () -> tx.caller().user().flatMap(id -> find(tx, tx.org(), id));
        return checked(tx, edit, found,
            () -> found.get().orElseThrow(() -> new Refused(new NotFound("user not found"))), Optional.empty());
    }

    private User checked(WriteTx tx, Edit edit, Supplier<Optional<User>> found, Supplier<User> sought,
        Optional<String> action) {
        var email = edit.email().map(typed -> address(typed, found));
        UserText.check("name", edit.name().flatMap(UserText::nameFault));
        UserText.check("title", edit.title().flatMap(title -> title.flatMap(UserText::titleFault)));
        return changed(tx, sought.get(), edit, email, action);
    }

    /// A service account may have an address that no person can have, and each may keep one from before that was refused.
    /// All else is a bad value, whether the user is found or not.
    private static String address(String typed, Supplier<Optional<User>> found) {
        return Email.folded(typed).or(() -> found.get().flatMap(user -> Email.ofServiceAccount(typed)
            .filter(_ -> user.serviceAccount()).or(() -> Email.known(typed).filter(user.email()::equals))))
            .orElseThrow(UserText::noAddress);
    }

    private User changed(WriteTx tx, User old, Edit edit, Optional<String> email, Optional<String> action) {
        UserText.check("email", email.filter(address -> !address.equals(old.email())).flatMap(UserText::addressFault));
        email.filter(address -> !address.equals(old.email()) && !old.serviceAccount())
            .ifPresent(address -> mustBeFree(tx, old, address));

        var changed = new User(old.id(), old.org(), email.orElse(old.email()), old.handle(),
            edit.name().map(Text::clean).or(old::name), edit.title().orElse(old.title()).map(Text::clean),
            old.verified(), edit.disabled().orElse(old.disabled()), old.serviceAccount(), old.createdAt(), tx.now(),
            old.lastLoginAt(), old.roles(), old.loginMethods(), old.secondFactor());
        if (changed.facts().equals(old.facts())) {
            return old;
        }
        if (changed.disabled() && !old.disabled()) {
            administrators.keeping(tx, old, () -> store(tx, old, changed, action));
        } else {
            store(tx, old, changed, action);
        }
        return changed;
    }

    /// @param user who may have the address already
    /// @throws Refused with [Conflict] if another human of the organisation has the address, disabled ones included
    static void mustBeFree(WriteTx tx, User user, String address) {
        var taken = tx.query("""
            SELECT 1 FROM users
             WHERE org_id = ? AND id <> ? AND NOT service_account AND (email = ? OR handle = ?) LIMIT 1
            """, tx.org(), user.id(), address, address).any();
        if (taken) {
            throw NewUsers.taken(address);
        }
    }

    private User store(WriteTx tx, User old, User changed, Optional<String> action) {
        var moved = !changed.email().equals(old.email());
        var left = moved ? provedAddress(tx, old) : Optional.<String>empty();
        tx.later("""
            UPDATE users
               SET email = ?, email_proved = email_proved AND email = ?, name = ?, name_folded = ?, title = ?,
                   title_folded = ?, disabled = ?, modified_at = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, changed.email(), changed.email(), changed.name(), changed.name().map(Text::folded), changed.title(),
            changed.title().map(Text::folded), changed.disabled(), changed.modifiedAt(), tx.version(), tx.org(),
            old.id());
        if (moved) {
            listeners.forEach(listener -> listener.addressChanged(tx, changed, left));
        }
        if (old.disabled() && !changed.disabled()) {
            enabled(tx, List.of(changed));
        }
        var change = Change.between(old.facts(), changed.facts());
        audit.record(tx, action.orElse(usual(old, changed)), subject(changed), changed.disabled() && !old.disabled()
            ? cutOff(tx, List.of(changed), change).get(changed.id()) : change);
        return changed;
    }

    private static String usual(User old, User changed) {
        if (changed.disabled() == old.disabled()) {
            return "user.updated";
        }
        return changed.disabled() ? "user.disabled" : "user.enabled";
    }

    /// Tells all listeners that users are disabled by this write.
    ///
    /// @param change of each
    /// @return the same with what ended with it, as keys and tokens: the entry of a disabling names that
    Map<User.Id, Change> cutOff(WriteTx tx, List<User> users, Change change) {
        var before = new HashMap<User.Id, Map<String, Object>>();
        users.forEach(user -> before.put(user.id(), new LinkedHashMap<>(change.before())));
        listeners.stream().map(listener -> listener.disabled(tx, users)).toList()
            .forEach(ended -> ended.get().forEach((user, what) -> before.get(user).putAll(what)));
        var changes = new HashMap<User.Id, Change>();
        before.forEach((user, facts) -> changes.put(user, new Change(facts, change.after())));
        return changes;
    }

    /// Tells all listeners that users are enabled again by this write.
    void enabled(WriteTx tx, List<User> users) {
        listeners.forEach(listener -> listener.enabled(tx, users));
    }

    /// Takes the proof of an address back, and cancels open invitations as if it had changed.
    void doubtAddress(WriteTx tx, User user) {
        if (tx.update("UPDATE users SET email_proved = false, version = ? WHERE org_id = ? AND id = ? AND email_proved",
            tx.version(), tx.org(), user.id()) > 0) {
            audit.record(tx, "user.updated", subject(user),
                new Change(Map.of("email_proved", true), Map.of("email_proved", false)));
        }
        listeners.forEach(listener -> listener.addressChanged(tx, user, Optional.empty()));
    }

    /// Tells all listeners that an address is spelled otherwise from now on.
    void respelled(WriteTx tx, User old, User now) {
        listeners.forEach(listener -> listener.addressRespelled(tx, now, old.email()));
    }

    /// Tells all listeners that a user is anonymised.
    ///
    /// @return what ended with it, as [UserLife#anonymised] has it
    Map<String, Object> anonymised(WriteTx tx, User user) {
        var ended = new LinkedHashMap<String, Object>();
        listeners.forEach(listener -> ended.putAll(listener.anonymised(tx, user)));
        return ended;
    }

    /// Tells all listeners that a user's account is given up, see [Departures].
    void deprovisioned(WriteTx tx, User user) {
        listeners.forEach(listener -> listener.deprovisioned(tx, user));
    }

    /// Disables a user: their keys are refused from the commit on, their open invitations no longer work. They stay
    /// readable.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], also if they are disabled already; [Forbidden]; LastAdministrator
    public void disable(WriteTx tx, String id) {
        var user = editable(tx, id);
        if (user.disabled()) {
            throw new Refused(new NotFound(id + " not found"));
        }
        changed(tx, user, new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true)),
            Optional.empty(), Optional.empty());
    }

    /// The user under the lock, if the caller may change them. Service accounts may be changed with `service_account_write`
    /// too.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound] or [Forbidden]
    public User editable(WriteTx tx, String id) {
        var user = named(tx, tx.org(), id);
        Editing.mustBeAllowed(tx.caller(), user);
        return user;
    }

    /// Makes a Pending user Active.
    ///
    /// @param action of the audit entry
    /// @param proved whether they have shown that they read e-mail at their address
    public User verify(WriteTx tx, User user, String action, boolean proved) {
        return verify(tx, user, user.name(), action, proved);
    }

    /// Makes a Pending user Active who accepted an invitation: under the name that they entered, their address proved.
    ///
    /// @throws Refused with [Invalid], as [UserText#ownNameFault] has it
    public User join(WriteTx tx, User user, String name) {
        UserText.check("name", UserText.ownNameFault(name));
        return verify(tx, user, Optional.of(Text.clean(name.strip())), "user.verified", true);
    }

    /// Notes that a user has shown that they read e-mail at their address. No-op if they have before.
    public void prove(WriteTx tx, User user) {
        if (tx.update(
            "UPDATE users SET email_proved = true, version = ? WHERE org_id = ? AND id = ? AND NOT email_proved",
            tx.version(), tx.org(), user.id()) > 0) {
            point(tx, user);
            audit.record(tx, "user.updated", subject(user),
                new Change(Map.of("email_proved", false), Map.of("email_proved", true)));
        }
    }

    private static void point(WriteTx tx, User user) {
        tx.update("INSERT INTO address_pointers (email, org_id, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            user.email(), tx.org(), user.id());
    }

    private User verify(WriteTx tx, User user, Optional<String> name, String action, boolean proved) {
        tx.update("""
            UPDATE users SET verified = true, email_proved = ?, name = ?, name_folded = ?, modified_at = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, proved, name, name.map(Text::folded), tx.now(), tx.version(), tx.org(), user.id());
        if (proved) {
            point(tx, user);
        }
        var verified = find(tx, tx.org(), user.id()).orElseThrow();
        audit.record(tx, action, subject(user), Change.between(user.facts(), verified.facts()));
        return verified;
    }

    public static Subject subject(User user) {
        return new Subject("user", user.id(), user.handle());
    }

    public static User user(Row row) {
        return new User(new User.Id(row.uuid("id")), new Org.Id(row.uuid("org_id")), row.text("email"),
            row.text("handle"), row.optionalText("name"), row.optionalText("title"), row.bool("verified"),
            row.bool("disabled"), row.bool("service_account"), row.instant("created_at"), row.instant("modified_at"),
            row.optionalInstant("last_login_at"), row.uuids("role_ids").stream().map(Role.Id::new).toList(),
            loginMethods(row.texts("login_methods")), row.bool("second_factor"));
    }

    private static Set<LoginMethod> loginMethods(List<String> texts) {
        return texts.isEmpty() ? Set.of() : texts.stream().map(text -> LoginMethod.named(text).orElseThrow())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(LoginMethod.class)));
    }
}
