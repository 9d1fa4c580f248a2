package roster.core.provisioning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.scim.Patch;
import roster.base.scim.ResourceBody;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.provisioning.Welcome.Choice;
import roster.core.role.Roles;
import roster.core.user.AddressOwners;
import roster.core.user.Departures;
import roster.core.user.Members;
import roster.core.user.NewUsers;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.core.user.Users.Edit;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Problem.Conflict;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// People as directories create, change and delete them. What holds for users holds here, as all goes through [Users] and
/// [Members]: this says which user a request means, and keeps what is said of them besides.
public final class ProvisionedUsers implements UserLife {
    private static final String SCIM = "scim";
    private static final Edit NOTHING =
        new Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final Database db;
    private final AuditLog audit;
    private final Nouns nouns;
    private final Welcome welcome;
    private final ProvisionedUserRows rows;
    private final KnownPeople known;

    /// What a person in a directory is made of.
    record Nouns(Users users, NewUsers newUsers, Departures departures, Members members, Roles roles) {}

    ProvisionedUsers(Database db, AuditLog audit, Nouns nouns, Welcome welcome, ProvisionedUserRows rows,
        KnownPeople known) {
        this.db = db;
        this.audit = audit;
        this.nouns = nouns;
        this.welcome = welcome;
        this.rows = rows;
        this.known = known;
    }

    /// What a request asks for, about one person.
    ///
    /// @param id as it was sent
    /// @param hasWritten whether the request may have changed something before
    /// @param digest of a request that is all there is to know of what is asked for
    /// @param condition throws if the person is not to be changed, or shown, as they are
    public record Asked(Caller caller, String id, boolean hasWritten, Optional<RequestDigest> digest,
        Consumer<KnownPerson> condition) {
        private Refused notFound() {
            return new Refused(new NotFound("User %s not found".formatted(id)));
        }
    }

    /// @throws Refused with [NotFound] if the id is not that of a person whom SCIM shows
    public KnownPerson find(Asked asked) {
        return decided(asked, (person, _) -> person);
    }

    private <T> T decided(Asked asked, BiFunction<KnownPerson, RolesByText, T> work) {
        BiFunction<KnownPerson, RolesByText, T> meeting = (person, roles) -> {
            asked.condition().accept(person);
            return work.apply(person, roles);
        };
        return Id.parse(asked.id()).map(User.Id::new).flatMap(id -> asked.hasWritten()
            ? known.readNow(asked.caller(), id, meeting) : known.read(asked.caller(), id, meeting))
            .orElseThrow(asked::notFound);
    }

    /// The person under the lock, whatever memory has.
    private KnownPerson locked(WriteTx tx, Asked asked) {
        var person = Id.parse(asked.id()).flatMap(id -> rows.find(tx, tx.org(), new User.Id(id))).map(KnownPerson::new)
            .orElseThrow(asked::notFound);
        asked.condition().accept(person);
        return person;
    }

    private RolesByText roles(WriteTx tx) {
        return texts -> rows.roles(tx, tx.org(), texts);
    }

    /// Creates a person. One who was disabled, and whom the directory has back, is restored; one whom it deleted begins anew
    /// under the same id.
    ///
    /// @throws Refused with [Conflict] if another person has the `userName` or the address, BadScim for values that no person
    ///     can have, and as the rules of users and roles have it
    public ProvisionedUser create(WriteTx tx, ResourceBody body) {
        var plan = UserPlans.created(roles(tx), body);
        var sameName = rows.withUserNameLater(tx, tx.org(), plan.said().userName().orElseThrow());
        var sameAddress = AddressOwners.human(tx, tx.org(), plan.email());
        var choice = welcome.choice(tx);
        var named = sameName.get().stream().findFirst();
        if (named.filter(one -> !one.user().disabled()).isPresent()) {
            throw nameTaken(plan);
        }
        var addressed = sameAddress.get().flatMap(user -> rows.withHidden(tx, tx.org(), user.id()));
        var isAnother = named.isPresent() && addressed.isPresent() && !named.get().id().equals(addressed.get().id());
        if (addressed.filter(one -> isAnother || !one.user().disabled()).isPresent()) {
            throw addressTaken(plan);
        }
        var there = named.or(() -> addressed);
        if (there.isEmpty()) {
            return created(tx, plan, choice);
        }
        return there.get().hidden() ? revived(tx, there.get(), plan, choice) : restored(tx, there.get(), body);
    }

    private static Refused nameTaken(UserPlan plan) {
        return new Refused(new Conflict("userName is taken: " + Text.folded(plan.said().userName().orElseThrow())));
    }

    private static Refused addressTaken(UserPlan plan) {
        return new Refused(new Conflict("emails: the address is taken: " + plan.email()));
    }

    private ProvisionedUser created(WriteTx tx, UserPlan plan, Choice choice) {
        var user = nouns.newUsers().createProvisioned(tx, plan.email(), plan.name().filter(name -> !name.isEmpty()),
            plan.title(), !plan.active(), fact(facts(plan.said(), plan.roles().orElse(List.of()))));
        rows.store(tx, user.id(), plan.said());
        return welcomed(tx, user, plan, choice);
    }

    private ProvisionedUser welcomed(WriteTx tx, User user, UserPlan plan, Choice choice) {
        var roles = plan.roles().orElseGet(() -> welcome.roles(tx, choice));
        setRoles(tx, user, List.of(), roles);
        noteIgnored(tx, user, plan);
        if (plan.active()) {
            welcome.invite(tx, user, choice);
        }
        var person = new ProvisionedUser(user, plan.said(), Optional.of(tx.now()), false, List.of(), Optional.empty());
        if (roles.isEmpty() && person.manager().isEmpty()) {
            return person; // nothing else is shown of them
        }
        return rows.find(tx, tx.org(), user.id()).orElseThrow();
    }

    /// Begins anew: nothing is left that the account had before, or was given since.
    private ProvisionedUser revived(WriteTx tx, ProvisionedUser before, UserPlan plan, Choice choice) {
        var user = before.user();
        if (Departures.hasAnything(user)) {
            nouns.departures().giveUp(tx, user, Map.of());
            user = nouns.users().find(tx, tx.org(), user.id()).orElseThrow();
        }
        rows.store(tx, user.id(), plan.said());
        var edit = plan.edit(user).orElse(NOTHING);
        var name = Optional.of(plan.name().orElse("")).filter(text -> !text.equals(before.user().name().orElse("")));
        var now = nouns.departures().restore(tx, user, new Edit(name, edit.email(), edit.title(), edit.disabled()));
        note(tx, now, null, facts(plan.said(), plan.roles().orElse(List.of())));
        return welcomed(tx, now, plan, choice);
    }

    /// @throws Refused with [Conflict] if the directory knows the person by another `externalId`
    private ProvisionedUser restored(WriteTx tx, ProvisionedUser before, ResourceBody body) {
        var external = body.attributes().text(ProvisionedUser.EXTERNAL_ID);
        if (external.isPresent() && before.said().externalId().filter(id -> !external.get().equals(id)).isPresent()) {
            throw new Refused(new Conflict("externalId: the user is known by another one"));
        }
        var isActive = body.attributes().flag(ProvisionedUser.ACTIVE).orElse(true);
        return stored(tx, before, UserPlans.replaced(roles(tx), before, body, false).restoring(isActive),
            (user, edit) -> nouns.departures().restore(tx, user, edit));
    }

    /// Makes people the managers of one another: the next one of each, and the first one of the last.
    ///
    /// @return the people as they are afterwards
    public List<ProvisionedUser> manageInCircle(WriteTx tx, List<ProvisionedUser> people) {
        for (int i = 0; i < people.size(); i++) {
            var before = people.get(i);
            var said = before.said().managedBy(people.get((i + 1) % people.size()).id());
            rows.store(tx, before.id(), said);
            note(tx, before.user(), facts(before.said(), before.roles()), facts(said, before.roles()));
        }
        return people.stream().map(one -> rows.find(tx, tx.org(), one.id()).orElseThrow()).toList();
    }

    /// Tells whether a person has a version.
    @FunctionalInterface
    public interface Versions {
        boolean has(KnownPerson person, String version);
    }

    /// The person, if just this request is known to change nothing about them as they are: then [#replace] and [#patch] need not
    /// be asked, nor what they ask for be read.
    ///
    /// @throws Refused by the condition
    public Optional<KnownPerson> unchanged(Asked asked) {
        var same = asked.digest().flatMap(digest -> Id.parse(asked.id())
            .flatMap(id -> known.inMemory(asked.caller(), new User.Id(id)))
            .filter(person -> person.isUnchangedBy(digest)));
        same.ifPresent(asked.condition());
        return same;
    }

    /// Puts what was sent in the place of what is known of a person. Where that changes nothing, nothing is written, and no lock
    /// is taken.
    ///
    /// @return the person as they are afterwards
    /// @throws Refused as [#create] does, and with [NotFound]
    public KnownPerson replace(Asked asked, ResourceBody body, Versions versions) {
        return change(asked, (roles, now) -> UserPlans.replaced(roles, now.person(), body,
            body.version().filter(version -> !versions.has(now, version)).isPresent()));
    }

    /// Changes parts of what is known of a person, all or none of them, as [#replace] does.
    public KnownPerson patch(Asked asked, Patch patch) {
        return change(asked, (roles, now) -> UserPlans.patched(roles, now.person(), patch));
    }

    private interface Planning {
        UserPlan of(RolesByText roles, KnownPerson now);
    }

    private KnownPerson change(Asked asked, Planning planning) {
        var same = decided(asked,
            (now, roles) -> Optional.of(now).filter(one -> planning.of(roles, one).isNothing(one.person())));
        same.ifPresent(now -> asked.digest().ifPresent(now::noteUnchangedBy));
        return same.orElseGet(() -> new KnownPerson(db.write(asked.caller(), tx -> {
            var now = locked(tx, asked);
            return stored(tx, now.person(), planning.of(roles(tx), now),
                (user, edit) -> nouns.users().update(tx, user.id().toString(), edit));
        })));
    }

    private interface Updating {
        User update(User user, Edit edit);
    }

    private ProvisionedUser stored(WriteTx tx, ProvisionedUser before, UserPlan plan, Updating updating) {
        var user = before.user();
        mustBeFree(tx, before, plan);
        var edit = plan.edit(user);
        var now = edit.map(some -> updating.update(user, some)).orElse(user);
        if (!plan.said().equals(before.said())) {
            rows.store(tx, user.id(), plan.said());
        }
        plan.roles().ifPresent(roles -> setRoles(tx, now, before.roles(), roles));
        note(tx, now, facts(before.said(), before.roles()),
            facts(plan.said(), plan.roles().orElse(before.roles())));
        noteIgnored(tx, now, plan);
        return rows.find(tx, tx.org(), user.id()).orElseThrow();
    }

    private void mustBeFree(WriteTx tx, ProvisionedUser before, UserPlan plan) {
        var userName = plan.said().userName();
        if (!userName.equals(before.said().userName()) && userName.isPresent()
            && rows.withUserName(tx, tx.org(), userName.get()).stream()
                .anyMatch(one -> !one.id().equals(before.id()))) {
            throw nameTaken(plan);
        }
        if (!plan.email().equals(before.user().email()) && nouns.users().withAddress(tx, tx.org(), plan.email())
            .filter(one -> !one.id().equals(before.id())).isPresent()) {
            throw addressTaken(plan);
        }
    }

    /// Deletes a person: for directories they are gone. Roster keeps their account, as [Departures] has it.
    ///
    /// @throws Refused with [NotFound] or LastAdministrator
    public void delete(Asked asked) {
        db.write(asked.caller(), tx -> {
            var now = locked(tx, asked).person();
            rows.hide(tx, now.id());
            nouns.departures().giveUp(tx, now.user(), fact(facts(now.said(), now.roles())));
            return null;
        });
    }

    private void setRoles(WriteTx tx, User user, List<Membership> before, List<Membership> wish) {
        var had = before.stream().collect(Collectors.toMap(Membership::role, Function.identity()));
        var wanted = wish.stream().collect(Collectors.toMap(Membership::role, Function.identity()));
        var added = wanted.keySet().stream().filter(role -> !had.containsKey(role)).toList();
        var removed = had.keySet().stream().filter(role -> !wanted.containsKey(role)).toList();
        nouns.roles().all(tx, tx.org(), added).forEach(role -> nouns.members().add(tx, role, user));
        nouns.roles().all(tx, tx.org(), removed).forEach(role -> nouns.members().remove(tx, role, user));
        for (var one : wish) {
            var told = Optional.ofNullable(had.get(one.role())).map(Membership::told).orElse(Map.of());
            if (!told.equals(one.told())) {
                rows.label(tx, user.id(), one);
            }
        }
    }

    /// All that directories say of a person, as audit entries have it; null for nothing.
    private static Map<String, Object> facts(Said said, List<Membership> roles) {
        var all = new LinkedHashMap<String, Object>(said.facts());
        var told = new LinkedHashMap<String, Object>();
        roles.stream().filter(one -> !one.told().isEmpty())
            .forEach(one -> told.put(one.role().toString(), one.told()));
        if (!told.isEmpty()) {
            all.put(ProvisionedUser.ROLES, told);
        }
        return all.isEmpty() ? null : all;
    }

    private static Map<String, Object> fact(Map<String, Object> facts) {
        return facts == null ? Map.of() : Map.of(SCIM, facts);
    }

    private void note(WriteTx tx, User user, Map<String, Object> before, Map<String, Object> after) {
        if (!Objects.equals(before, after)) {
            var was = new LinkedHashMap<String, Object>();
            var is = new LinkedHashMap<String, Object>();
            was.put(SCIM, before);
            is.put(SCIM, after);
            audit.record(tx, "user.profile_changed", Users.subject(user), new Change(was, is));
        }
    }

    private void noteIgnored(WriteTx tx, User user, UserPlan plan) {
        if (!plan.ignored().unknown().isEmpty()) {
            audit.record(tx, "scim.roles_skipped", Users.subject(user),
                new Change(Map.of(), Map.of("skipped", List.copyOf(plan.ignored().unknown()))));
        }
        if (plan.ignored().stale()) {
            audit.record(tx, "scim.roles_stale", Users.subject(user), Change.NONE);
        }
    }

    /// Users whom another door enables after they were deleted are people of the organisation again.
    @Override
    public void enabled(WriteTx tx, List<User> users) {
        rows.show(tx, users.stream().map(User::id).toList());
    }
}
