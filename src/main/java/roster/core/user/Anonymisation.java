package roster.core.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.audit.Erasure;
import roster.core.role.Administrators;
import roster.model.Caller;
import roster.model.Email;
import roster.model.Id;
import roster.model.LoginMethod;
import roster.model.Problem.Invalid;
import roster.model.Problem.LastAdministrator;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Anonymises users: what tells who they were is removed. Their id stays valid, and what they did stays in the audit
/// trail under it.
public final class Anonymisation {
    /// How many users one call anonymises at most: each is a write of its own.
    public static final int USERS_MAX = 1000;

    private static final String UNKNOWN = "user not found";
    private static final String LAST_ADMINISTRATOR = "An organization must keep at least one active administrator";

    private final Database db;
    private final AuditLog audit;
    private final Erasure erasure;
    private final Users users;
    private final Administrators administrators;
    private final PersonalRows rows;

    public Anonymisation(Database db, AuditLog audit, Erasure erasure, Users users, Administrators administrators,
        PersonalRows rows) {
        this.db = db;
        this.audit = audit;
        this.erasure = erasure;
        this.users = users;
        this.administrators = administrators;
        this.rows = rows;
    }

    /// The outcome: each id, in lower case, is once in one of the two.
    ///
    /// @param refused why not, in the contract's words
    public record Outcome(List<String> done, Map<String, String> refused) {}

    /// Anonymises users: disabled, without name, title, roles, keys, invitations and password, under an address made of
    /// their id. Rows come first, with a write for each user, then the audit trail; a second call continues one that was
    /// interrupted. No-op for users who are anonymised already.
    ///
    /// @param ids as they were sent; 1 to [#USERS_MAX]. Letter case does not tell two apart
    /// @throws Refused with [Invalid] for none or too many
    public Outcome anonymise(Caller caller, Collection<String> ids) {
        if (ids.isEmpty() || ids.size() > USERS_MAX) {
            throw new Refused(new Invalid("user_ids", ids.isEmpty() ? "Shorter than minimum length 1."
                : "Longer than maximum length %d.".formatted(USERS_MAX)));
        }
        var outcome = new Outcome(new ArrayList<>(), new LinkedHashMap<>());
        var users = new ArrayList<User.Id>();
        var addresses = new ArrayList<String>();
        for (var sent : ids.stream().map(id -> id.toLowerCase(Locale.ROOT)).distinct().toList()) {
            var found = Id.parse(sent).map(User.Id::new);
            var why = found.isEmpty() ? Optional.of(UNKNOWN) : objection(caller, found.get());
            if (why.isEmpty()) {
                why = anonymise(caller, found.get(), addresses);
            }
            why.ifPresentOrElse(text -> outcome.refused().put(sent, text), () -> {
                outcome.done().add(sent);
                users.add(found.get());
            });
        }
        erasure.erase(caller.org(), users, addresses);
        return outcome;
    }

    /// Looks whether a user can be anonymised, and changes nothing.
    ///
    /// @throws Refused as the write would be, and with [Unfit] for what [#anonymise] refuses
    public void rehearse(Caller caller, User.Id id) {
        if (caller.user().filter(id::equals).isPresent()) {
            throw new Refused(new Unfit("You can't anonymise yourself"));
        }
        objection(caller, id).ifPresent(why -> {
            throw new Refused(new Unfit(why));
        });
        db.rehearse(caller, tx -> anonymise(tx, users.find(tx, tx.org(), id).orElseThrow()));
    }

    private Optional<String> objection(Caller caller, User.Id id) {
        var user = db.read(tx -> users.find(tx, caller.org(), id));
        if (user.isEmpty()) {
            return Optional.of(UNKNOWN);
        }
        if (user.get().serviceAccount()) {
            return Optional.of("user is a service account");
        }
        return caller.user().filter(id::equals).map(self -> "users cannot anonymize themselves");
    }

    private Optional<String> anonymise(Caller caller, User.Id id, List<String> addresses) {
        try {
            addresses.addAll(db.write(caller, tx -> anonymise(tx, users.find(tx, tx.org(), id).orElseThrow())));
            return Optional.empty();
        } catch (Refused e) {
            if (e.problem() instanceof LastAdministrator) {
                return Optional.of(LAST_ADMINISTRATOR);
            }
            throw e;
        }
    }

    /// @return the addresses that the user had last
    private List<String> anonymise(WriteTx tx, User user) {
        var known = List.of(user.email(), user.handle());
        var address = Email.anonymous(user.id().value());
        if (user.email().equals(address) && user.disabled()) {
            return known;
        }
        administrators.keeping(tx, user, () -> store(tx, user, address));
        if (!user.roles().isEmpty()) {
            tx.gone("role_member", user.id());
        }
        var before = facts(user.disabled(), user.roles(), user.loginMethods());
        before.putAll(users.anonymised(tx, user));
        rows.forget(tx, user);
        var after = facts(true, List.of(), Set.of());
        after.put("email", address);
        after.put("handle", address);
        after.put("name", null);
        after.put("title", null);
        audit.record(tx, "user.anonymized", new Subject("user", user.id(), address), new Change(before, after));
        return known;
    }

    private static int store(WriteTx tx, User user, String address) {
        tx.update("""
            UPDATE users
               SET email = ?, email_proved = false, handle = ?, name = NULL, name_folded = NULL, title = NULL,
                   title_folded = NULL, disabled = true, login_methods = '{}', last_login_at = NULL, second_factor = false,
                   modified_at = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, address, address, tx.now(), tx.version(), tx.org(), user.id());
        return tx.update("DELETE FROM role_members WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
    }

    private static Map<String, Object> facts(boolean disabled, Collection<Role.Id> roles, Set<LoginMethod> methods) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("disabled", disabled);
        facts.put("allowed_login_methods", methods.stream().map(LoginMethod::text).toList());
        facts.put("roles", roles.stream().map(Role.Id::toString).toList());
        return facts;
    }
}
