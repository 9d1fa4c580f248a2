package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.foreign.OfficialClientTest.client;
import static roster.foreign.OfficialClientTest.status;

import com.datadog.api.client.ApiException;
import com.datadog.api.client.v2.api.KeyManagementApi;
import com.datadog.api.client.v2.api.KeyManagementApi.GetAPIKeyOptionalParameters;
import com.datadog.api.client.v2.api.KeyManagementApi.GetApplicationKeyOptionalParameters;
import com.datadog.api.client.v2.api.KeyManagementApi.ListAPIKeysOptionalParameters;
import com.datadog.api.client.v2.api.KeyManagementApi.ListApplicationKeysOptionalParameters;
import com.datadog.api.client.v2.api.ServiceAccountsApi;
import com.datadog.api.client.v2.api.UsersApi;
import com.datadog.api.client.v2.model.APIKeyCreateAttributes;
import com.datadog.api.client.v2.model.APIKeyCreateData;
import com.datadog.api.client.v2.model.APIKeyCreateRequest;
import com.datadog.api.client.v2.model.APIKeyUpdateAttributes;
import com.datadog.api.client.v2.model.APIKeyUpdateData;
import com.datadog.api.client.v2.model.APIKeyUpdateRequest;
import com.datadog.api.client.v2.model.APIKeysType;
import com.datadog.api.client.v2.model.ApplicationKeyCreateAttributes;
import com.datadog.api.client.v2.model.ApplicationKeyCreateData;
import com.datadog.api.client.v2.model.ApplicationKeyCreateRequest;
import com.datadog.api.client.v2.model.ApplicationKeyUpdateAttributes;
import com.datadog.api.client.v2.model.ApplicationKeyUpdateData;
import com.datadog.api.client.v2.model.ApplicationKeyUpdateRequest;
import com.datadog.api.client.v2.model.ApplicationKeysType;
import com.datadog.api.client.v2.model.ServiceAccountCreateAttributes;
import com.datadog.api.client.v2.model.ServiceAccountCreateData;
import com.datadog.api.client.v2.model.ServiceAccountCreateRequest;
import com.datadog.api.client.v2.model.UsersType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The official Java client with keys and service accounts. It knows no calls for access tokens, but can use one.
class OfficialClientKeysTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void api_keys() throws ApiException {
        var ada = roster.newOrg("acme").founder();
        var keys = new KeyManagementApi(client(ada));

        var made = keys.createAPIKey(new APIKeyCreateRequest(
            new APIKeyCreateData(new APIKeyCreateAttributes("deploy"), APIKeysType.API_KEYS)));
        assertThat(made.unparsed).isFalse();
        var id = made.getData().getId();
        var secret = made.getData().getAttributes().getKey();
        var read = keys.getAPIKey(id, new GetAPIKeyOptionalParameters().include("created_by"));
        assertThat(read.unparsed).isFalse();
        assertThat(read.getData().getAttributes().getKey()).isEqualTo(secret);
        assertThat(read.getIncluded()).hasSize(1);
        var listed = keys.listAPIKeys(new ListAPIKeysOptionalParameters().filter("DEPL"));
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).singleElement().satisfies(key -> {
            assertThat(key.getId()).isEqualTo(id);
            assertThat(key.getAttributes().getLast4()).isEqualTo(secret.substring(28));
        });
        var renamed = keys.updateAPIKey(id, new APIKeyUpdateRequest(
            new APIKeyUpdateData(new APIKeyUpdateAttributes("build"), id, APIKeysType.API_KEYS)));
        assertThat(renamed.unparsed).isFalse();
        assertThat(renamed.getData().getAttributes().getName()).isEqualTo("build");
        assertThat(new UsersApi(client(new TestUser(ada.org(), ada.user(), secret, ada.applicationKey()))).listUsers()
            .getData()).hasSize(1);

        keys.deleteAPIKey(id);
        assertThat(status(() -> keys.deleteAPIKey(id))).isEqualTo(404);
        assertThat(status(() -> keys.getAPIKey(id))).isEqualTo(404);
    }

    @Test
    void ones_own_application_keys() throws ApiException {
        var ada = roster.newOrg("acme").founder();
        var keys = new KeyManagementApi(client(ada));

        var made = keys.createCurrentUserApplicationKey(creation("laptop", "user_access_read"));
        assertThat(made.unparsed).isFalse();
        var id = made.getData().getId();
        var secret = made.getData().getAttributes().getKey();
        assertThat(made.getData().getAttributes().getScopes()).containsExactly("user_access_read");
        var read = keys.getCurrentUserApplicationKey(id);
        assertThat(read.unparsed).isFalse();
        assertThat(read.getData().getAttributes().getKey()).as("shown once").isNull();
        var listed = keys.listCurrentUserApplicationKeys();
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).extracting(key -> key.getAttributes().getName()).contains("laptop");
        var changed = keys.updateCurrentUserApplicationKey(id, change(id, "desk"));
        assertThat(changed.unparsed).isFalse();
        assertThat(changed.getData().getAttributes().getName()).isEqualTo("desk");
        assertThat(
            new UsersApi(client(new TestUser(ada.org(), ada.user(), ada.apiKey(), secret))).listUsers().getData())
            .hasSize(1);

        keys.deleteCurrentUserApplicationKey(id);
        assertThat(status(() -> keys.getCurrentUserApplicationKey(id))).isEqualTo(404);
        assertThat(status(() -> keys.createCurrentUserApplicationKey(creation("x", "no_such")))).isEqualTo(400);
    }

    @Test
    void everybodys_application_keys() throws ApiException {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var id = new KeyManagementApi(client(sam)).createCurrentUserApplicationKey(creation("sams")).getData().getId();
        var keys = new KeyManagementApi(client(org.founder()));

        var listed = keys.listApplicationKeys(
            new ListApplicationKeysOptionalParameters().filter("sams").include("owned_by"));
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).extracting(key -> key.getId()).containsExactly(id);
        assertThat(listed.getIncluded()).hasSize(1);
        var read = keys.getApplicationKey(id, new GetApplicationKeyOptionalParameters().include("owned_by"));
        assertThat(read.unparsed).isFalse();
        assertThat(read.getData().getRelationships().getOwnedBy().getData().getId()).isEqualTo(sam.id());
        assertThat(keys.updateApplicationKey(id, change(id, "renamed")).getData().getAttributes().getName())
            .isEqualTo("renamed");

        keys.deleteApplicationKey(id);
        assertThat(status(() -> keys.getApplicationKey(id))).isEqualTo(404);
        assertThat(status(() -> new KeyManagementApi(client(sam)).updateApplicationKey(id, change(id, "x"))))
            .isEqualTo(403);
    }

    @Test
    void service_accounts_and_their_keys() throws ApiException {
        var ada = roster.newOrg("acme").founder();
        var accounts = new ServiceAccountsApi(client(ada));

        var made = accounts.createServiceAccount(account(true));
        assertThat(made.unparsed).isFalse();
        var account = made.getData();
        assertThat(account.getAttributes().getServiceAccount()).isTrue();
        assertThat(account.getAttributes().getHandle()).isEqualTo(account.getId());
        assertThat(new UsersApi(client(ada)).getUser(account.getId()).getData().getAttributes().getName())
            .isEqualTo("Importer");
        var issued = accounts.createServiceAccountApplicationKey(account.getId(), creation("nightly"));
        assertThat(issued.unparsed).isFalse();
        var id = issued.getData().getId();
        assertThat(issued.getData().getAttributes().getKey()).hasSize(40);
        var read = accounts.getServiceAccountApplicationKey(account.getId(), id);
        assertThat(read.unparsed).isFalse();
        assertThat(read.getData().getAttributes().getName()).isEqualTo("nightly");
        var changed = accounts.updateServiceAccountApplicationKey(account.getId(), id, change(id, "daily"));
        assertThat(changed.unparsed).isFalse();
        assertThat(changed.getData().getAttributes().getName()).isEqualTo("daily");
        var listed = accounts.listServiceAccountApplicationKeys(account.getId());
        assertThat(listed.unparsed).isFalse();
        assertThat(listed.getData()).extracting(key -> key.getId()).containsExactly(id);

        accounts.deleteServiceAccountApplicationKey(account.getId(), id);
        assertThat(status(() -> accounts.getServiceAccountApplicationKey(account.getId(), id))).isEqualTo(404);
        assertThat(status(() -> accounts.listServiceAccountApplicationKeys(ada.id()))).isEqualTo(404);
        assertThat(status(() -> accounts.listServiceAccountApplicationKeys(UUID.randomUUID().toString())))
            .isEqualTo(404);
        assertThat(status(() -> accounts.createServiceAccount(account(false)))).isEqualTo(400);
        new UsersApi(client(ada)).disableUser(account.getId());
        assertThat(status(() -> accounts.createServiceAccountApplicationKey(account.getId(), creation("x"))))
            .isEqualTo(400);
    }

    @Test
    void an_access_token_in_the_place_of_the_application_key() throws ApiException {
        var ada = roster.newOrg("acme").founder();
        var token = ada.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"x","scopes":["user_access_read"],
             "expires_at":"%s"}}}""".formatted(Instant.now().plus(Duration.ofDays(2)))).text("/data/attributes/key");
        var caller = client(new TestUser(ada.org(), ada.user(), ada.apiKey(), token));

        assertThat(new UsersApi(caller).listUsers().getData()).hasSize(1);
        assertThat(status(() -> new KeyManagementApi(caller).listAPIKeys())).as("beyond its scopes").isEqualTo(403);
    }

    private static ApplicationKeyCreateRequest creation(String name, String... scopes) {
        var attributes = new ApplicationKeyCreateAttributes(name);
        return new ApplicationKeyCreateRequest(new ApplicationKeyCreateData(
            scopes.length == 0 ? attributes : attributes.scopes(List.of(scopes)),
            ApplicationKeysType.APPLICATION_KEYS));
    }

    private static ApplicationKeyUpdateRequest change(String id, String name) {
        return new ApplicationKeyUpdateRequest(new ApplicationKeyUpdateData(
            new ApplicationKeyUpdateAttributes().name(name), id, ApplicationKeysType.APPLICATION_KEYS));
    }

    private static ServiceAccountCreateRequest account(boolean flag) {
        return new ServiceAccountCreateRequest(new ServiceAccountCreateData(
            new ServiceAccountCreateAttributes("robot@acme.test", flag).name("Importer"), UsersType.USERS));
    }
}
