package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.OrgVersions;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.UserQuery;
import roster.model.Paging;
import roster.model.Role;
import roster.model.User;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// When an organisation's image is brought up to date by changes, and when it is loaded.
class OrgLoaderTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final UserLists LISTS = new UserLists();
    private static final UserQuery ALL = new UserQuery(Optional.empty(), Optional.empty(), UserQuery.Sort.NAME, false,
        new Paging(100, 0));

    private final TestOrg org = roster.newOrg("acme");
    private final OrgLoader loader = new OrgLoader(LISTS, roster.program().role.roles, 1 << 30);

    private OrgImage load() {
        return Await.read(roster.db(), tx -> loader.load(tx, org.id(), bytes -> {}));
    }

    private Optional<OrgChanges> changes(OrgVersions.State since) {
        return Await.read(roster.db(), tx -> loader.changes(tx, org.id(), since));
    }

    private static List<User> users(OrgImage image) {
        return image.list(new ListRequest(ALL, Optional.empty())).page().items().stream()
            .map(PackedUser::user).toList();
    }

    @Test
    void changes_bring_an_image_to_what_loading_gives() {
        var role = org.newRole("auditors", List.of());
        var eve = org.newUserWith("eve@acme.test", List.of(role.toString()));
        var image = load();
        users(image);
        var bob = org.newPending("bob@acme.test");
        var helpers = org.newRole("helpers", List.of());
        org.write(tx -> {
            roster.program().role.roles.delete(tx, role.toString());
            return null;
        });

        var changes = changes(image.state()).orElseThrow();
        var rolesNumber = image.rolesNumber();
        image.apply(changes);

        assertThat(changes.users()).extracting(User::id).contains(bob.id())
            .doesNotContain(org.founder().user().id());
        assertThat(changes.deletedRoles()).containsExactly(role);
        assertThat(image.rolesNumber()).isNotEqualTo(rolesNumber);
        assertThat(image.state()).isEqualTo(load().state());
        assertThat(users(image)).isEqualTo(users(load()))
            .isEqualTo(Await.read(roster.db(), tx -> LISTS.users(tx, org.id(), ALL)).items());
        assertThat(image.roles(List.of(role, helpers))).extracting(Role::id).containsExactly(helpers);
        assertThat(image.find(eve.user().id()).orElseThrow().roles()).isEmpty();
    }

    @Test
    void changes_to_users_leave_the_number_of_the_roles() {
        var image = load();
        org.newPending("bob@acme.test");
        var rolesNumber = image.rolesNumber();

        image.apply(changes(image.state()).orElseThrow());

        assertThat(image.rolesNumber()).isEqualTo(rolesNumber);
        assertThat(users(image)).hasSize(2);
    }

    @Test
    void no_changes_lead_on_from_another_history_or_over_a_change_by_hand() {
        var state = load().state();
        assertThat(changes(state)).isPresent();
        assertThat(changes(new OrgVersions.State(state.version(), state.stamp() + 1))).isEmpty();
        assertThat(changes(new OrgVersions.State(state.version() + 1, state.stamp()))).isEmpty();

        roster.sql("SELECT roster_touch(?, 'a change by hand')", org.id().value());

        assertThat(changes(state)).isEmpty();
        assertThat(changes(load().state())).isPresent();
    }

    @Test
    void loading_claims_the_size_of_the_image_last_and_never_more_than_there_is() {
        var claims = new ArrayList<Long>();
        var image = Await.read(roster.db(), tx -> loader.load(tx, org.id(), claims::add));
        var small = new OrgLoader(LISTS, roster.program().role.roles, image.bytes() - 1);

        assertThat(claims).hasSizeGreaterThan(1).last().isEqualTo(image.bytes());
        claims.clear();
        assertThatThrownBy(() -> roster.db().read(tx -> small.load(tx, org.id(), claims::add)))
            .isInstanceOfSatisfying(NoRoom.class, e -> assertThat(e.isForGood()).isTrue());
        assertThat(claims).allMatch(bytes -> bytes < image.bytes());
    }
}
