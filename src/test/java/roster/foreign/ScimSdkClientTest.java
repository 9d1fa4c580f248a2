package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.bulk.BulkOperation;
import com.unboundid.scim2.common.bulk.BulkOperationResult;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.exceptions.ForbiddenException;
import com.unboundid.scim2.common.exceptions.NotImplementedException;
import com.unboundid.scim2.common.exceptions.NotModifiedException;
import com.unboundid.scim2.common.exceptions.PreconditionFailedException;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.exceptions.UnauthorizedException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.messages.ListResponse;
import com.unboundid.scim2.common.messages.PatchOperation;
import com.unboundid.scim2.common.messages.SortOrder;
import com.unboundid.scim2.common.types.Email;
import com.unboundid.scim2.common.types.EnterpriseUserExtension;
import com.unboundid.scim2.common.types.Group;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Manager;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.Name;
import com.unboundid.scim2.common.types.ResourceTypeResource;
import com.unboundid.scim2.common.types.SchemaResource;
import com.unboundid.scim2.common.types.UserResource;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The client of UnboundID's SCIM SDK, as it comes, over both bases. It reads answers into types of its own, strictly: an
/// attribute that it does not know is an error.
class ScimSdkClientTest {
    private static final String DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

    private static final int PORT = freePort();

    /// It knows its own address, which the SDK goes by: `meta.location` is absolute then.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PORT", Integer.toString(PORT), "ROSTER_PUBLIC_URL",
        "http://127.0.0.1:" + PORT));

    /// Without what Jersey would find by itself: the JSON of the SDK is Jackson 3, that of the official client Jackson 2.
    /// HttpURLConnection, which Jersey uses, knows no PATCH by itself.
    private static final Client CLIENT = ClientBuilder.newBuilder()
        .property("jersey.config.disableAutoDiscovery", true)
        .property("jersey.config.client.httpUrlConnection.setMethodWorkaround", true).build();

    private static int freePort() {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void close() {
        CLIENT.close();
    }

    private static ScimService service(String secret, String base) {
        ClientRequestFilter authorization =
            request -> request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + secret);
        return new ScimService(CLIENT.target("http://127.0.0.1:" + PORT + base).register(authorization));
    }

    private static ScimService service(TestUser admin, String base) {
        return service(admin.applicationKey(), base);
    }

    private static UserResource person(String address) {
        var name = address.substring(0, address.indexOf('@'));
        return new UserResource().setUserName(address).setActive(true)
            .setName(new Name().setGivenName(name).setFamilyName("Lee")).setDisplayName(name + " Lee")
            .setEmails(new Email().setValue(address).setType("work").setPrimary(true));
    }

    private static List<String> names(Iterable<UserResource> people) {
        var names = new ArrayList<String>();
        people.forEach(person -> names.add(person.getUserName()));
        return names;
    }

    private static <T extends Throwable> T refused(Class<T> as, Call call) {
        return catchThrowableOfType(as, call::run);
    }

    private interface Call {
        void run() throws ScimException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void discovery_is_read(String base) throws ScimException {
        var service = service(roster.newOrg("sdk").founder(), base);

        var config = service.getServiceProviderConfig();
        assertThat(config.getPatch().isSupported()).isTrue();
        assertThat(config.getBulk().getMaxOperations()).isEqualTo(1000);
        assertThat(config.getPagination().supportsCursorPagination()).isTrue();
        assertThat(config.getAuthenticationSchemes()).hasSize(1);
        assertThat(service.getResourceTypes()).extracting(ResourceTypeResource::getName)
            .containsExactly("User", "Group");
        assertThat(service.getResourceType("User").getSchemaExtensions()).hasSize(1);
        assertThat(service.getSchemas()).extracting(SchemaResource::getName).contains("User", "Group",
            "EnterpriseUser");
        for (SchemaResource schema : service.getSchemas()) {
            assertThat(service.getSchema(schema.getId())).isEqualTo(schema);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void a_person_lives_and_goes(String base) throws ScimException {
        var service = service(roster.newOrg("sdk").founder(), base);
        var boss = service.create("Users", person("boss@acme.test"));
        var sent = person("ann@acme.test");
        sent.setExternalId("e-1");
        sent.setExtension(new EnterpriseUserExtension().setDepartment("Ops")
            .setManager(new Manager().setValue(boss.getId())));

        var created = service.create("Users", sent);
        assertThat(created.getId()).isNotBlank();
        assertThat(created.getExternalId()).isEqualTo("e-1");
        assertThat(created.getEmails()).isEqualTo(sent.getEmails());
        assertThat(created.getName().getGivenName()).isEqualTo("ann");
        var extension = created.getExtension(EnterpriseUserExtension.class);
        assertThat(extension.getDepartment()).isEqualTo("Ops");
        assertThat(extension.getManager().getDisplayName()).isEqualTo("boss Lee");
        assertThat(created.getMeta().getLocation().toString()).endsWith(base + "/Users/" + created.getId());

        var read = service.retrieve("Users", created.getId(), UserResource.class);
        assertThat(read).isEqualTo(created);
        assertThat(service.retrieve(created.getMeta().getLocation(), UserResource.class)).isEqualTo(created);
        assertThatThrownBy(() -> service.retrieveRequest(created).ifNoneMatch().invoke())
            .isInstanceOf(NotModifiedException.class);

        read.setTitle("CEO").setNickName("A");
        var replaced = service.replace(read);
        assertThat(replaced.getTitle()).isEqualTo("CEO");
        assertThat(replaced.getExtension(EnterpriseUserExtension.class)).isEqualTo(extension);
        assertThat(replaced.getMeta().getVersion()).isNotEqualTo(created.getMeta().getVersion());
        assertThatThrownBy(() -> service.replaceRequest(created).ifMatch().invoke())
            .isInstanceOf(PreconditionFailedException.class);

        var changed = service.modifyRequest(replaced).ifMatch().replaceValue("title", "CTO")
            .replaceValue("name.familyName", "Smith").replaceValue("active", false)
            .replaceValue("emails[type eq \"work\"].value", "ann.smith@acme.test")
            .replaceValue(DEPARTMENT, "Dev").removeValues("nickName").invoke();
        assertThat(changed.getTitle()).isEqualTo("CTO");
        assertThat(changed.getNickName()).isNull();
        assertThat(changed.getName().getFamilyName()).isEqualTo("Smith");
        assertThat(changed.getActive()).isFalse();
        assertThat(changed.getEmails()).extracting(Email::getValue).containsExactly("ann.smith@acme.test");
        assertThat(changed.getExtension(EnterpriseUserExtension.class).getDepartment()).isEqualTo("Dev");

        service.delete(changed);
        assertThatThrownBy(() -> service.retrieve("Users", created.getId(), UserResource.class))
            .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> service.delete("Users", created.getId()))
            .isInstanceOf(ResourceNotFoundException.class);
        assertThat(service.search("Users", Filter.eq("externalId", "e-1").toString(), UserResource.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void people_are_found_page_by_page(String base) throws ScimException {
        var org = roster.newOrg("sdk");
        var service = service(org.founder(), base);
        for (int i = 0; i < 7; i++) {
            service.create("Users", person("p%d@acme.test".formatted(i)));
        }
        var all = IntStream.range(0, 7).mapToObj("p%d@acme.test"::formatted).toList();
        var some = Filter.and(Filter.sw("userName", "P"), Filter.pr("name.familyName"));

        assertThat(names(service.search("Users", some.toString(), UserResource.class))).isEqualTo(all);
        assertThat(names(service.searchRequest("Users").filter(some).sort("userName", SortOrder.DESCENDING)
            .invokePost(UserResource.class))).isEqualTo(all.reversed());
        var page = service.searchRequest("Users").filter(some).page(3, 2).invoke(UserResource.class);
        assertThat(page.getTotalResults()).isEqualTo(7);
        assertThat(page.getStartIndex()).isEqualTo(3);
        assertThat(page.getItemsPerPage()).isEqualTo(2);
        assertThat(names(page)).containsExactly("p2@acme.test", "p3@acme.test");

        var walked = new ArrayList<String>();
        ListResponse<UserResource> next =
            service.searchRequest("Users").filter(some).firstPageCursorWithCount(3).invoke(UserResource.class);
        walked.addAll(names(next));
        while (next.getNextCursor() != null) {
            next = service.searchRequest("Users").filter(some).pageWithCursor(next.getNextCursor(), 3)
                .invoke(UserResource.class);
            walked.addAll(names(next));
        }
        assertThat(walked).isEqualTo(all);

        var bare = service.searchRequest("Users").filter(some).attributes("userName").invoke(UserResource.class);
        assertThat(bare.getResources()).allSatisfy(person -> {
            assertThat(person.getUserName()).isNotNull();
            assertThat(person.getEmails()).isNullOrEmpty();
        });
        for (var filter : Stream.of("userName eq \"p1@acme.test\"", "emails[type eq \"work\" and value sw \"p1\"]",
            "not (userName ne \"p1@acme.test\")", "name.givenName eq \"P1\"").map(ScimSdkClientTest::filter).toList()) {
            assertThat(names(service.search("Users", filter, UserResource.class))).as(filter)
                .containsExactly("p1@acme.test");
        }
    }

    /// As the SDK reads and writes it.
    private static String filter(String text) {
        try {
            return Filter.fromString(text).toString();
        } catch (BadRequestException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void a_group_and_its_members(String base) throws ScimException {
        var service = service(roster.newOrg("sdk").founder(), base);
        var ann = service.create("Users", person("ann@acme.test"));
        var bob = service.create("Users", person("bob@acme.test"));
        var group = service.create("Groups",
            new GroupResource().setDisplayName("Pilots").setMembers(new Member().setValue(ann.getId())));
        assertThat(group.getMembers()).extracting(Member::getDisplay).containsExactly("ann Lee");
        assertThat(service.retrieve(ann).getGroups()).extracting(Group::getDisplay).containsExactly("Pilots");

        // A group is answered to whichever attributes were asked for, below both bases.
        var joined = service.modifyRequest(group).addValues("members", new Member().setValue(bob.getId()))
            .attributes("members").invoke();
        assertThat(joined.getMembers()).extracting(Member::getValue).containsExactlyInAnyOrder(ann.getId(),
            bob.getId());
        var left = service.modifyRequest(group).removeValues("members[value eq \"%s\"]".formatted(ann.getId()))
            .attributes("members").invoke();
        assertThat(left.getMembers()).extracting(Member::getValue).containsExactly(bob.getId());
        assertThat(service.search("Groups", Filter.eq("members", bob.getId()).toString(), GroupResource.class))
            .extracting(GroupResource::getDisplayName).containsExactly("Pilots");
        var listed = service.searchRequest("Groups").filter(Filter.eq("displayName", "pilots"))
            .excludedAttributes("members").invoke(GroupResource.class);
        assertThat(listed.getResources()).hasSize(1).allSatisfy(one -> assertThat(one.getMembers()).isNullOrEmpty());

        var current = service.retrieve(group);
        current.setDisplayName("Crew").setMembers(List.of(new Member().setValue(ann.getId())));
        var replaced = service.replace(current);
        assertThat(replaced.getDisplayName()).isEqualTo("Crew");
        assertThat(replaced.getMembers()).extracting(Member::getValue).containsExactly(ann.getId());
        service.delete(replaced);
        assertThatThrownBy(() -> service.retrieve(group)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(service.retrieve(ann).getGroups()).isNullOrEmpty();
    }

    @Test
    void a_patch_of_a_group_has_no_answer_below_the_one_base() throws ScimException {
        var service = service(roster.newOrg("sdk").founder(), "/scim/v2");
        var group = service.create("Groups", new GroupResource().setDisplayName("Pilots"));

        assertThat(service.modifyRequest(group).replaceValue("displayName", "Crew").invoke()).isNull();
        assertThat(service.retrieve(group).getDisplayName()).isEqualTo("Crew");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void many_in_one_request(String base) throws ScimException {
        var service = service(roster.newOrg("sdk").founder(), base);

        var answer = service.bulkRequest().append(
            BulkOperation.post("/Groups",
                new GroupResource().setDisplayName("Crew").setMembers(new Member().setValue("bulkId:ann")))
                .setBulkId("crew"),
            BulkOperation.post("/Users", person("ann@acme.test")).setBulkId("ann"),
            BulkOperation.post("/Users", person("ann@acme.test")).setBulkId("again"),
            BulkOperation.delete("/Users/" + UUID.randomUUID())).invoke();

        assertThat(answer.getOperations()).extracting(BulkOperationResult::getStatus).containsExactly("201", "201",
            "409", "404");
        var found = service.search("Groups", "displayName eq \"Crew\"", GroupResource.class).getResources();
        assertThat(found.getFirst().getMembers()).extracting(Member::getDisplay).containsExactly("ann Lee");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void me_is_whom_the_key_is_of(String base) throws ScimException {
        var ada = roster.newOrg("sdk").founder();

        var me = service(ada, base).retrieve(ScimService.ME_URI, UserResource.class);
        assertThat(me.getId()).isEqualTo(ada.id());
        assertThat(me.getMeta().getLocation().toString()).endsWith("/Users/" + ada.id());
        assertThatThrownBy(() -> service(ada, base).delete(ScimService.ME_URI))
            .isInstanceOf(NotImplementedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/scim/v2", "/api/v2/scim"})
    void errors_are_told_apart(String base) throws ScimException {
        var ada = roster.newOrg("sdk").founder();
        var service = service(ada, base);
        var bob = service.create("Users", person("bob@acme.test"));

        var taken = refused(ResourceConflictException.class, () -> service.create("Users", person("bob@acme.test")));
        assertThat(taken.getScimError().getScimType()).isEqualTo("uniqueness");
        assertThat(taken.getScimError().getDetail()).contains("userName");
        var value = refused(BadRequestException.class, () -> service.create("Users", new UserResource()));
        assertThat(value.getScimError().getScimType()).isEqualTo("invalidValue");
        var filter = refused(BadRequestException.class, () -> service.search("Users", "x eq 1", UserResource.class));
        assertThat(filter.getScimError().getScimType()).isEqualTo("invalidFilter");
        var path = refused(BadRequestException.class,
            () -> service.modifyRequest(bob).addOperation(PatchOperation.replace("actve", false)).invoke());
        assertThat(path.getScimError().getScimType()).isEqualTo("invalidPath");
        var id = refused(BadRequestException.class,
            () -> service.modifyRequest(bob).addOperation(PatchOperation.replace("id", "x")).invoke());
        assertThat(id.getScimError().getScimType()).isEqualTo("mutability");
        var cursor = refused(BadRequestException.class,
            () -> service.searchRequest("Users").pageWithCursor("none", 3).invoke(UserResource.class));
        assertThat(cursor.getScimError().getScimType()).isEqualTo("invalidCursor");
        assertThatThrownBy(() -> service.retrieve("Users", "nobody", UserResource.class))
            .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> service("0".repeat(40), base).search("Users", null, UserResource.class))
            .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> service(ada.org().newStandard("eve@acme.test"), base)
            .search("Users", null, UserResource.class)).isInstanceOf(ForbiddenException.class);
        assertThatThrownBy(() -> service.modifyRequest(service.retrieve("Users", ada.id(), UserResource.class))
            .replaceValue("active", false).invoke()).isInstanceOf(ForbiddenException.class);
    }
}
