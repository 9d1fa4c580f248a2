package roster.support;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.WriteTx;
import roster.base.source.Ids;
import roster.core.founding.Founding;
import roster.core.key.ApplicationKeys;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// An organisation that a test made, and its people.
public final class TestOrg {
    private final TestRoster roster;
    private final Org.Id id;
    private final Founding.Founded founded;

    TestOrg(TestRoster roster, Org.Id id, Founding.Founded founded) {
        this.roster = roster;
        this.id = id;
        this.founded = founded;
    }

    public Org.Id id() {
        return id;
    }

    public TestRoster roster() {
        return roster;
    }

    public String apiKey() {
        return founded.apiKey().secret();
    }

    /// The administrator it was founded with.
    public TestUser founder() {
        return new TestUser(this, founded.admin(), founded.apiKey().secret(), founded.applicationKey().secret());
    }

    /// An Active user with the Admin role and keys.
    public TestUser newAdmin(String email) {
        return newUserWith(email, List.of(managed(Role.Managed.ADMIN).toString()));
    }

    /// An Active user with the Standard role and keys.
    public TestUser newStandard(String email) {
        return newUserWith(email, List.of(managed(Role.Managed.STANDARD).toString()));
    }

    /// An Active user without roles, with keys.
    public TestUser newUser(String email) {
        return newUserWith(email, List.of());
    }

    /// An Active user with these roles, with keys.
    public TestUser newUserWith(String email, List<String> roleIds) {
        var user = write(tx -> {
            var program = roster.program();
            var pending = program.user.newUsers.create(tx, email, Optional.empty(), Optional.empty(), roleIds);
            return program.user.users.verify(tx, pending, "user.verified", true);
        });
        return new TestUser(this, user, apiKey(), newApplicationKey(user, Optional.empty()));
    }

    /// A user who has not accepted an invitation; without keys.
    public User newPending(String email) {
        return write(
            tx -> roster.program().user.newUsers.create(tx, email, Optional.empty(), Optional.empty(), List.of()));
    }

    public User newServiceAccount(String email, List<String> roleIds) {
        return write(
            tx -> roster.program().user.newUsers.createServiceAccount(tx, email, Optional.empty(), Optional.empty(),
                roleIds));
    }

    public String newApplicationKey(User owner, Optional<List<String>> scopes) {
        return write(
            tx -> roster.program().key.applicationKeys.issue(tx, owner, new ApplicationKeys.Wish("a key", scopes))
                .secret());
    }

    public Role.Id managed(Role.Managed which) {
        return Await.read(roster.db(), tx -> roster.program().role.roles.managed(tx, id, which)).id();
    }

    /// A role of its own that holds just these permissions.
    public Role.Id newRole(String name, List<String> permissions) {
        var catalogue = roster.program().kernel().catalogue();
        var ids = permissions.stream()
            .map(permission -> catalogue.find(new roster.model.Permission(permission)).orElseThrow().id().toString())
            .toList();
        return write(tx -> roster.program().role.roles.create(tx, name, ids, true, List.of())).id();
    }

    /// How many writes changed something here, so that a test can tell that one did not.
    public long version() {
        return (long) roster.sqlValue("SELECT version FROM orgs WHERE id = ?", id.value());
    }

    /// A write as the operator at the command line.
    public <T> T write(Function<WriteTx, T> work) {
        return Await.write(roster.db(), Caller.cli(id, "test", new Ids().next().toString()), work);
    }
}
