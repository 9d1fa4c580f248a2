package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.foreign.OfficialClientTest.client;
import static roster.foreign.OfficialClientTest.status;

import com.datadog.api.client.ApiException;
import com.datadog.api.client.v2.api.AuditApi;
import com.datadog.api.client.v2.api.RolesApi;
import com.datadog.api.client.v2.model.AuditLogsQueryFilter;
import com.datadog.api.client.v2.model.AuditLogsQueryPageOptions;
import com.datadog.api.client.v2.model.AuditLogsSearchEventsRequest;
import com.datadog.api.client.v2.model.AuditLogsSort;
import com.datadog.api.client.v2.model.RelationshipToPermission;
import com.datadog.api.client.v2.model.RelationshipToPermissionData;
import com.datadog.api.client.v2.model.RoleClone;
import com.datadog.api.client.v2.model.RoleCloneAttributes;
import com.datadog.api.client.v2.model.RoleCloneRequest;
import com.datadog.api.client.v2.model.RoleUpdateAttributes;
import com.datadog.api.client.v2.model.RoleUpdateData;
import com.datadog.api.client.v2.model.RoleUpdateRequest;
import com.datadog.api.client.v2.model.RolesType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Permission;
import roster.support.TestRoster;

/// The official Java client, the rest of roles, and the audit trail. It knows no access tokens and no anonymising: those the
/// TypeScript client asks for.
class OfficialClientAuditTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void roles_updated_cloned_and_their_permissions() throws ApiException {
        var org = roster.newOrg("acme");
        var roles = new RolesApi(client(org.founder()));
        var id = org.newRole("Ops", List.of("dashboards_read")).toString();

        var updated = roles.updateRole(id, new RoleUpdateRequest(
            new RoleUpdateData(new RoleUpdateAttributes().name("Operations"), id, RolesType.ROLES)));
        assertThat(updated.unparsed).isFalse();
        assertThat(updated.getData().getAttributes().getName()).isEqualTo("Operations");
        var permission =
            roster.program().kernel().catalogue().find(new Permission("api_keys_read")).orElseThrow().id().toString();
        var reference = new RelationshipToPermission().data(new RelationshipToPermissionData().id(permission));
        assertThat(roles.addPermissionToRole(id, reference).getData()).extracting(each -> each.getId())
            .contains(permission);
        var clone = roles.cloneRole(id, new RoleCloneRequest(
            new RoleClone(new RoleCloneAttributes("Copy"), RolesType.ROLES)));
        assertThat(clone.unparsed).isFalse();
        assertThat(roles.listRolePermissions(clone.getData().getId()).getData()).extracting(each -> each.getId())
            .contains(permission);
        assertThat(roles.removePermissionFromRole(id, reference).getData()).extracting(each -> each.getId())
            .doesNotContain(permission);
    }

    @Test
    void audit_events_listed_and_searched() throws ApiException {
        var org = roster.newOrg("acme");
        for (int i = 0; i < 12; i++) {
            org.newPending("p%d@acme.test".formatted(i));
        }
        var audit = new AuditApi(client(org.founder()));

        var listed = audit.listAuditLogs(new AuditApi.ListAuditLogsOptionalParameters()
            .filterQuery("@asset.type:user @action:created").sort(AuditLogsSort.TIMESTAMP_ASCENDING).pageLimit(3));
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).hasSize(3);
        assertThat(listed.getData().getFirst().getAttributes().getMessage()).contains("founder@acme.test created");
        assertThat(listed.getData().getFirst().getAttributes().getTimestamp()).isNotNull();
        assertThat(listed.getLinks().getNext()).isNotEmpty();
        var walked = new ArrayList<String>();
        audit.listAuditLogsWithPagination(new AuditApi.ListAuditLogsOptionalParameters()
            .filterQuery("@asset.type:user @action:created").pageLimit(5)).forEach(each -> walked.add(each.getId()));
        assertThat(walked).hasSize(13).doesNotHaveDuplicates();
        var searched = new ArrayList<String>();
        audit.searchAuditLogsWithPagination(new AuditApi.SearchAuditLogsOptionalParameters().body(
            new AuditLogsSearchEventsRequest()
                .filter(new AuditLogsQueryFilter().query("@asset.type:user @action:created").from("now-1d").to("now"))
                .page(new AuditLogsQueryPageOptions().limit(4))))
            .forEach(each -> searched.add(each.getId()));
        assertThat(searched).isEqualTo(walked);
        assertThat(audit.searchAuditLogs().getData()).isNotEmpty();
        assertThat(status(() -> audit.listAuditLogs(new AuditApi.ListAuditLogsOptionalParameters().filterQuery("("))))
            .isEqualTo(400);
    }
}
