package roster.core.key;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;

/// API keys, application keys and access tokens.
public final class KeyFeature implements Feature {
    public final ApiKeys apiKeys;
    public final ApplicationKeys applicationKeys;
    public final AccessTokens accessTokens;
    public final Keys keys;

    public KeyFeature(Kernel kernel, AccessFeature access) {
        apiKeys = new ApiKeys(kernel.audit(), kernel.secrets());
        applicationKeys = new ApplicationKeys(kernel.audit(), access.grants);
        accessTokens = new AccessTokens(kernel.audit(), access.grants);
        keys = new Keys(apiKeys, applicationKeys, accessTokens);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("api_keys"), TenantTable.of("application_keys").endingWithUser("user_id"),
            TenantTable.of("access_tokens").endingWithUser("user_id"),
            TenantTable.of("key_pointers").unversioned().distributedBy("digest"));
    }
}
