package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.foreign.OfficialClientTest.client;
import static roster.foreign.OfficialClientTest.status;

import com.datadog.api.client.ApiException;
import com.datadog.api.client.v2.api.AuthNMappingsApi;
import com.datadog.api.client.v2.model.AuthNMappingCreateAttributes;
import com.datadog.api.client.v2.model.AuthNMappingCreateData;
import com.datadog.api.client.v2.model.AuthNMappingCreateRelationships;
import com.datadog.api.client.v2.model.AuthNMappingCreateRequest;
import com.datadog.api.client.v2.model.AuthNMappingRelationshipToRole;
import com.datadog.api.client.v2.model.AuthNMappingUpdateAttributes;
import com.datadog.api.client.v2.model.AuthNMappingUpdateData;
import com.datadog.api.client.v2.model.AuthNMappingUpdateRequest;
import com.datadog.api.client.v2.model.AuthNMappingsType;
import com.datadog.api.client.v2.model.RelationshipToRole;
import com.datadog.api.client.v2.model.RelationshipToRoleData;
import com.datadog.api.client.v2.model.RolesType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// The official Java client and AuthN mappings.
class OfficialClientMappingTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void made_read_changed_listed_and_deleted() throws ApiException {
        var ada = roster.newOrg("acme").founder();
        var mappings = new AuthNMappingsApi(client(ada));
        var role = ada.org().newRole("Ops", List.of("dashboards_read")).toString();
        var toRole = new AuthNMappingRelationshipToRole(new RelationshipToRole()
            .data(new RelationshipToRoleData().id(role).type(RolesType.ROLES)));

        var made = mappings.createAuthNMapping(new AuthNMappingCreateRequest(
            new AuthNMappingCreateData(AuthNMappingsType.AUTHN_MAPPINGS)
                .attributes(new AuthNMappingCreateAttributes().attributeKey("department").attributeValue("Sales"))
                .relationships(new AuthNMappingCreateRelationships(toRole))));

        assertThat(made.unparsed).isFalse();
        var id = made.getData().getId();
        assertThat(made.getData().getAttributes().getSamlAssertionAttributeId()).isEqualTo("1");
        assertThat(mappings.getAuthNMapping(id).getData()).isEqualTo(made.getData());
        var changed = mappings.updateAuthNMapping(id, new AuthNMappingUpdateRequest(
            new AuthNMappingUpdateData(id, AuthNMappingsType.AUTHN_MAPPINGS)
                .attributes(new AuthNMappingUpdateAttributes().attributeKey("department").attributeValue("Legal"))));
        assertThat(changed.getData().getAttributes().getAttributeValue()).isEqualTo("Legal");
        var listed = mappings.listAuthNMappings();
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).hasSize(1);
        assertThat(listed.getMeta().getPage().getTotalFilteredCount()).isEqualTo(1);
        mappings.deleteAuthNMapping(id);
        assertThat(status(() -> mappings.getAuthNMapping(id))).isEqualTo(404);
    }
}
