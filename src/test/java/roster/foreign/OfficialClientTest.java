package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import com.datadog.api.client.ApiClient;
import com.datadog.api.client.ApiException;
import com.datadog.api.client.v2.api.RolesApi;
import com.datadog.api.client.v2.api.UsersApi;
import com.datadog.api.client.v2.model.Permission;
import com.datadog.api.client.v2.model.RelationshipToPermissionData;
import com.datadog.api.client.v2.model.RelationshipToPermissions;
import com.datadog.api.client.v2.model.RelationshipToRoleData;
import com.datadog.api.client.v2.model.RelationshipToRoles;
import com.datadog.api.client.v2.model.RelationshipToUser;
import com.datadog.api.client.v2.model.RelationshipToUserData;
import com.datadog.api.client.v2.model.RoleCreateAttributes;
import com.datadog.api.client.v2.model.RoleCreateData;
import com.datadog.api.client.v2.model.RoleCreateRequest;
import com.datadog.api.client.v2.model.RoleRelationships;
import com.datadog.api.client.v2.model.User;
import com.datadog.api.client.v2.model.UserCreateAttributes;
import com.datadog.api.client.v2.model.UserCreateData;
import com.datadog.api.client.v2.model.UserCreateRequest;
import com.datadog.api.client.v2.model.UserInvitationData;
import com.datadog.api.client.v2.model.UserInvitationRelationships;
import com.datadog.api.client.v2.model.UserInvitationsRequest;
import com.datadog.api.client.v2.model.UserInvitationsType;
import com.datadog.api.client.v2.model.UserRelationships;
import com.datadog.api.client.v2.model.UserResponse;
import com.datadog.api.client.v2.model.UserResponseIncludedItem;
import com.datadog.api.client.v2.model.UserUpdateAttributes;
import com.datadog.api.client.v2.model.UserUpdateData;
import com.datadog.api.client.v2.model.UserUpdateRequest;
import com.datadog.api.client.v2.model.UsersType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The official Java client, unmodified: it is told another server and keys, and nothing else.
class OfficialClientTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void the_life_of_a_user() throws ApiException {
        var org = roster.newOrg("life");
        var users = new UsersApi(client(org.founder()));
        var readOnly = org.managed(Role.Managed.READ_ONLY).toString();

        var created = users.createUser(newUser("Ann.Lee+1@life.test", readOnly));
        var ann = created.getData();
        assertThat(created.unparsed).isFalse();
        assertThat(ann.getAttributes().getEmail()).isEqualTo("ann.lee+1@life.test");
        assertThat(ann.getAttributes().getStatus()).isEqualTo("Pending");
        assertThat(roleIds(ann)).containsExactly(readOnly);
        assertThat(included(created)).contains("Datadog Read Only Role", "dashboards_read");
        assertThat(status(() -> users.createUser(newUser("ann.lee+1@life.test")))).isEqualTo(409);

        var listed = users.listUsers(new UsersApi.ListUsersOptionalParameters().filter("lee+1@life").pageSize(2L));
        assertThat(listed.getData()).extracting(User::getId).containsExactly(ann.getId());
        assertThat(listed.getMeta().getPage().getTotalCount()).isEqualTo(2);
        assertThat(listed.getMeta().getPage().getTotalFilteredCount()).isEqualTo(1);

        var updated = users.updateUser(ann.getId(),
            update(ann, new UserUpdateAttributes().name("Ann Lee").email("ann@life.test")));
        assertThat(updated.getData().getAttributes().getName()).isEqualTo("Ann Lee");
        assertThat(updated.getData().getAttributes().getHandle()).isEqualTo("ann.lee+1@life.test");
        assertThat(roleIds(updated.getData())).containsExactly(readOnly);

        var invited = users.sendInvitations(new UserInvitationsRequest(List.of(new UserInvitationData(
            new UserInvitationRelationships(relationship(ann)), UserInvitationsType.USER_INVITATIONS))));
        assertThat(invited.getData()).hasSize(1);
        var invitation = users.getInvitation(invited.getData().getFirst().getId()).getData();
        assertThat(invitation).isEqualTo(invited.getData().getFirst());
        assertThat(invitation.getAttributes().getInviteType()).isEqualTo("basic_invite");
        assertThat(Duration.between(invitation.getAttributes().getCreatedAt(),
            invitation.getAttributes().getExpiresAt())).isEqualTo(Duration.ofHours(48));

        assertThat(users.listUserPermissions(ann.getId()).getData())
            .extracting(permission -> permission.getAttributes().getName())
            .contains("dashboards_read").doesNotContain("user_access_manage");

        users.disableUser(ann.getId());
        assertThat(users.getUser(ann.getId()).getData().getAttributes().getStatus()).isEqualTo("Disabled");
        assertThat(status(() -> users.disableUser(ann.getId()))).isEqualTo(404);
        assertThat(status(() -> users.createUser(newUser("ann@life.test")))).isEqualTo(409);

        var enabled = users.updateUser(ann.getId(), update(ann, new UserUpdateAttributes().disabled(false)));
        assertThat(enabled.getData().getAttributes().getStatus()).isEqualTo("Pending");
        assertThat(roleIds(enabled.getData())).containsExactly(readOnly);
    }

    @Test
    void the_organizations_of_the_caller() throws ApiException {
        var org = roster.newOrg("orgs-of-the-caller");
        var users = new UsersApi(client(org.founder()));

        var answer = users.listUserOrganizations(org.founder().id());
        assertThat(answer.unparsed).isFalse();
        assertThat(answer.getData().getRelationships().getOrg().getData().getId()).isEqualTo(org.id().toString());
        assertThat(answer.getIncluded()).extracting(item -> item.getOrganization().getAttributes().getName())
            .containsExactly("orgs-of-the-caller");

        var stranger = org.newPending("stranger@orgs.test");
        assertThat(status(() -> users.listUserOrganizations(stranger.id().toString()))).isEqualTo(403);
    }

    @Test
    void its_own_iterator_finds_each_of_250_users_once() {
        var org = roster.newOrg("many");
        org.write(tx -> {
            for (int i = 0; i < 249; i++) {
                roster.program().user.newUsers.create(tx, "user%d@many.test".formatted(i), name(i), name(i), List.of());
            }
            return null;
        });
        var expected = new ArrayList<>(IntStream.range(0, 249).mapToObj("user%d@many.test"::formatted).toList());
        expected.add("founder@many.test");
        var users = new UsersApi(client(org.founder()));

        for (var pageSize : List.of(7L, 10L, 50L, 125L, 250L, 1000L)) {
            var found = new ArrayList<String>();
            users.listUsersWithPagination(new UsersApi.ListUsersOptionalParameters().pageSize(pageSize))
                .forEach(user -> found.add(user.getAttributes().getEmail()));
            assertThat(found).as("pages of " + pageSize).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /// Many alike, so that pages hold together by the last keys of the order alone.
    private static Optional<String> name(int i) {
        return Optional.of("Name " + i % 3);
    }

    @Test
    void the_life_of_a_role() throws ApiException {
        var org = roster.newOrg("roles");
        var ann = org.newPending("ann@roles.test");
        var roles = new RolesApi(client(org.founder()));
        var catalogue = roles.listPermissions().getData();
        var tail = named(catalogue, "logs_live_tail");

        var created = roles.createRole(new RoleCreateRequest(new RoleCreateData(new RoleCreateAttributes("Tailors"))
            .relationships(new RoleRelationships().permissions(new RelationshipToPermissions()
                .addDataItem(new RelationshipToPermissionData().id(tail.getId()))))))
            .getData();
        assertThat(created.getRelationships().getPermissions().getData())
            .extracting(RelationshipToPermissionData::getId).contains(tail.getId()).hasSize(11);
        assertThat(roles.listRoles(new RolesApi.ListRolesOptionalParameters().filter("tailor")).getData())
            .extracting(role -> role.getId()).containsExactly(created.getId());
        assertThat(roles.listRoles(new RolesApi.ListRolesOptionalParameters().filter("Datadog Admin Role")).getData())
            .hasSize(1);

        var member = new RelationshipToUser(new RelationshipToUserData(ann.id().toString(), UsersType.USERS));
        assertThat(roles.addUserToRole(created.getId(), member).getData()).extracting(User::getId)
            .containsExactly(ann.id().toString());
        assertThat(roles.getRole(created.getId()).getData().getAttributes().getUserCount()).isEqualTo(1);
        var listed = roles.listRoleUsers(created.getId());
        assertThat(listed.getData()).extracting(User::getId).containsExactly(ann.id().toString());
        assertThat(listed.getIncluded()).isNotEmpty();
        assertThat(roles.removeUserFromRole(created.getId(), member).getData()).isEmpty();

        roles.deleteRole(created.getId());
        assertThat(status(() -> roles.getRole(created.getId()))).isEqualTo(404);
        assertThat(status(() -> roles.deleteRole(created.getId()))).isEqualTo(404);
        assertThat(status(() -> roles.addUserToRole(created.getId(), member))).isEqualTo(404);
    }

    @Test
    void wrong_keys_are_403() {
        var org = roster.newOrg("keys");
        var other = roster.newOrg("other-keys").founder();
        var founder = org.founder();

        for (var keys : List.of(
            List.of("0".repeat(32), founder.applicationKey()),
            List.of(founder.apiKey(), "0".repeat(40)),
            List.of(founder.apiKey(), other.applicationKey()),
            List.of("nonsense", "nonsense"))) {
            assertThat(
                status(() -> new UsersApi(client(roster.address(), keys.getFirst(), keys.getLast())).listUsers()))
                .isEqualTo(403);
        }
    }

    static ApiClient client(TestUser caller) {
        return client(caller.org().roster().address(), caller.apiKey(), caller.applicationKey());
    }

    private static ApiClient client(String server, String apiKey, String applicationKey) {
        var address = URI.create(server);
        var client = new ApiClient();
        client.setServerIndex(1);
        client.setServerVariables(
            new HashMap<>(Map.of("protocol", address.getScheme(), "name", address.getAuthority())));
        client.configureApiKeys(new HashMap<>(Map.of("apiKeyAuth", apiKey, "appKeyAuth", applicationKey)));
        return client;
    }

    interface Call {
        void make() throws ApiException;
    }

    /// What the call fails with.
    static int status(Call call) {
        try {
            call.make();
        } catch (ApiException e) {
            return e.getCode();
        }
        throw new AssertionError("was not refused");
    }

    private static UserCreateRequest newUser(String email, String... roleIds) {
        var roles = new RelationshipToRoles();
        List.of(roleIds).forEach(id -> roles.addDataItem(new RelationshipToRoleData().id(id)));
        return new UserCreateRequest(new UserCreateData(new UserCreateAttributes(email).title("Engineer"),
            UsersType.USERS).relationships(new UserRelationships().roles(roles)));
    }

    private static UserUpdateRequest update(User user, UserUpdateAttributes attributes) {
        return new UserUpdateRequest(new UserUpdateData(attributes, user.getId(), UsersType.USERS));
    }

    private static RelationshipToUser relationship(User user) {
        return new RelationshipToUser(new RelationshipToUserData(user.getId(), UsersType.USERS));
    }

    private static List<String> roleIds(User user) {
        return user.getRelationships().getRoles().getData().stream().map(RelationshipToRoleData::getId).toList();
    }

    /// Names of the included roles and permissions, all of which the client must have understood.
    private static List<String> included(UserResponse answer) {
        return answer.getIncluded().stream().map(OfficialClientTest::name).toList();
    }

    private static String name(UserResponseIncludedItem item) {
        return switch (item.getActualInstance()) {
            case com.datadog.api.client.v2.model.Role role -> role.getAttributes().getName();
            case Permission permission -> permission.getAttributes().getName();
            default -> throw new AssertionError("not understood: " + item);
        };
    }

    private static Permission named(List<Permission> permissions, String name) {
        return permissions.stream().filter(permission -> permission.getAttributes().getName().equals(name)).findFirst()
            .orElseThrow();
    }
}
