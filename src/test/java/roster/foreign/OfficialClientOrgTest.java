package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.foreign.OfficialClientTest.client;
import static roster.foreign.OfficialClientTest.status;

import com.datadog.api.client.ApiException;
import com.datadog.api.client.v1.model.Organization;
import com.datadog.api.client.v1.model.OrganizationSettings;
import com.datadog.api.client.v2.api.DomainAllowlistApi;
import com.datadog.api.client.v2.api.IpAllowlistApi;
import com.datadog.api.client.v2.api.OrganizationsApi;
import com.datadog.api.client.v2.model.DomainAllowlist;
import com.datadog.api.client.v2.model.DomainAllowlistAttributes;
import com.datadog.api.client.v2.model.DomainAllowlistRequest;
import com.datadog.api.client.v2.model.DomainAllowlistType;
import com.datadog.api.client.v2.model.IPAllowlistAttributes;
import com.datadog.api.client.v2.model.IPAllowlistData;
import com.datadog.api.client.v2.model.IPAllowlistEntry;
import com.datadog.api.client.v2.model.IPAllowlistEntryAttributes;
import com.datadog.api.client.v2.model.IPAllowlistEntryData;
import com.datadog.api.client.v2.model.IPAllowlistEntryType;
import com.datadog.api.client.v2.model.IPAllowlistType;
import com.datadog.api.client.v2.model.IPAllowlistUpdateRequest;
import com.datadog.api.client.v2.model.OrgConfigType;
import com.datadog.api.client.v2.model.OrgConfigWrite;
import com.datadog.api.client.v2.model.OrgConfigWriteAttributes;
import com.datadog.api.client.v2.model.OrgConfigWriteRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.support.Metadata;
import roster.support.TestRoster;

/// The official Java client and what an organisation sets for itself.
class OfficialClientOrgTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void settings() throws ApiException {
        var organizations = new OrganizationsApi(client(roster.newOrg("acme").founder()));

        var listed = organizations.listOrgConfigs();
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).extracting(config -> config.getAttributes().getName())
            .contains("custom_roles", "monitor_timezone");
        var set = organizations.updateOrgConfig("monitor_timezone", value("Europe/Berlin")).getData().getAttributes();
        assertThat(set.getValue()).isEqualTo("Europe/Berlin");
        assertThat(set.getModifiedAt()).isNotNull();
        assertThat(organizations.getOrgConfig("monitor_timezone").getData().getAttributes()).isEqualTo(set);
        assertThat(status(() -> organizations.updateOrgConfig("monitor_timezone", value(true)))).isEqualTo(400);
        assertThat(status(() -> organizations.getOrgConfig("i_dont_exist"))).isEqualTo(404);
    }

    private static OrgConfigWriteRequest value(Object value) {
        return new OrgConfigWriteRequest(
            new OrgConfigWrite(new OrgConfigWriteAttributes(value), OrgConfigType.ORG_CONFIGS));
    }

    @Test
    void metadata_of_an_identity_provider(@TempDir Path folder) throws ApiException, IOException {
        var ada = roster.newOrg("acme").founder();
        var file = Files.writeString(folder.resolve("idp.xml"), Metadata.OF_AN_IDP);
        var organizations = new OrganizationsApi(client(ada));

        organizations.uploadIdPMetadata(
            new OrganizationsApi.UploadIdPMetadataOptionalParameters().idpFile(file.toFile()));

        assertThat(ada.get("/api/v2/saml_configurations").text("/data/0/attributes/entity_id"))
            .isEqualTo("https://idp.acme.test/é");
        var bad = Files.writeString(folder.resolve("bad.xml"), "no metadata").toFile();
        assertThat(status(() -> organizations.uploadIdPMetadata(
            new OrganizationsApi.UploadIdPMetadataOptionalParameters().idpFile(bad)))).isEqualTo(400);
    }

    @Test
    void the_older_organization_calls() throws ApiException {
        var organizations = new com.datadog.api.client.v1.api.OrganizationsApi(client(roster.newOrg("acme").founder()));

        var listed = organizations.listOrgs();
        assertThat(listed.unparsed).isFalse();
        var org = listed.getOrgs().getFirst();
        assertThat(organizations.getOrg(org.getPublicId()).getOrg()).isEqualTo(org);
        var updated = organizations.updateOrg(org.getPublicId(), new Organization().name("Renamed")
            .settings(new OrganizationSettings().privateWidgetShare(true)));
        assertThat(updated.getOrg().getName()).isEqualTo("Renamed");
        assertThat(updated.getOrg().getSettings().getPrivateWidgetShare()).isTrue();
        assertThat(status(() -> organizations.getOrg("unknown"))).isEqualTo(404);
    }

    @Test
    void the_domain_allowlist() throws ApiException {
        var allowlists = new DomainAllowlistApi(client(roster.newOrg("acme").founder()));

        var set = allowlists.patchDomainAllowlist(new DomainAllowlistRequest(new DomainAllowlist(
            DomainAllowlistType.DOMAIN_ALLOWLIST).attributes(
                new DomainAllowlistAttributes().enabled(true)
                    .domains(List.of("@static-test-domain.test")))));
        assertThat(set.unparsed).isFalse();
        assertThat(set.getData().getAttributes().getDomains()).containsExactly("@static-test-domain.test");
        assertThat(allowlists.getDomainAllowlist().getData()).isEqualTo(set.getData());
    }

    @Test
    void the_ip_allowlist() throws ApiException {
        var allowlists = new IpAllowlistApi(client(roster.newOrg("acme").founder()));

        var set = allowlists.updateIPAllowlist(blocks("127.0.0.1", "2001:db8::/32"));
        assertThat(set.unparsed).isFalse();
        assertThat(set.getData().getAttributes().getEntries()).extracting(entry -> entry.getData().getAttributes()
            .getCidrBlock()).containsExactly("127.0.0.1/32", "2001:db8::/32");
        assertThat(allowlists.getIPAllowlist().getData()).isEqualTo(set.getData());
        assertThat(status(() -> allowlists.updateIPAllowlist(blocks("10.0.0.0/8")))).isEqualTo(400);
    }

    private static IPAllowlistUpdateRequest blocks(String... blocks) {
        return new IPAllowlistUpdateRequest(new IPAllowlistData(IPAllowlistType.IP_ALLOWLIST).attributes(
            new IPAllowlistAttributes().enabled(true).entries(List.of(blocks).stream()
                .map(block -> new IPAllowlistEntry(new IPAllowlistEntryData(IPAllowlistEntryType.IP_ALLOWLIST_ENTRY)
                    .attributes(new IPAllowlistEntryAttributes().cidrBlock(block).note("a note"))))
                .toList())));
    }
}
