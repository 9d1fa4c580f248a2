package roster.core.key;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.access.AccessFeature;

/// API keys, application keys and access tokens.
public final class KeyFeature implements Feature {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFeature.class);

    public final ApiKeys apiKeys;
    public final ApplicationKeys applicationKeys;
    public final AccessTokens accessTokens;
    public final Keys keys;
    public final KeyLists lists;
    public final KeyActs acts;
    public final Scopes scopes;

    public KeyFeature(Kernel kernel, AccessFeature access) {
        apiKeys = new ApiKeys(kernel.audit(), kernel.secrets());
        applicationKeys = new ApplicationKeys(kernel.audit(), access.grants);
        accessTokens = new AccessTokens(kernel.audit(), access.grants);
        keys = new Keys(apiKeys, applicationKeys, accessTokens);
        lists = new KeyLists(new CursorCodec(kernel.secrets()));
        acts = new KeyActs(lists, apiKeys, applicationKeys, accessTokens);
        scopes = new Scopes(kernel.catalogue());
    }

    /// Tells the operator of application keys that can do nothing: a list of no scopes means no restriction today, and
    /// keys that were stored so before keep what they could do.
    public void reportPowerless(Database db) {
        var powerless = db.read(applicationKeys::powerless);
        if (powerless > 0) {
            LOG.atWarn().addKeyValue("keys", powerless)
                .log("Application keys with an empty list of scopes can do nothing, "
                    + "as when they were issued. To lift the restriction, send their scopes again: null or [] means none");
        }
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("api_keys"), TenantTable.of("application_keys").endingWithUser("user_id"),
            TenantTable.of("access_tokens").endingWithUser("user_id"),
            TenantTable.of("key_pointers").unversioned().distributedBy("digest"));
    }
}
