package roster.door.api.keys;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.key.KeyFeature;
import roster.core.user.UserFeature;

/// API keys, application keys, access tokens, and whether they are good.
public final class KeyDoor implements Feature {
    private final ApiKeyApi apiKeys;
    private final ApplicationKeyApi applicationKeys;
    private final AccessTokenApi accessTokens;

    public KeyDoor(Kernel kernel, KeyFeature key, UserFeature user) {
        var owners = new KeyOwners(user.users);
        apiKeys = new ApiKeyApi(kernel.db(), key.apiKeys, owners);
        applicationKeys = new ApplicationKeyApi(kernel.db(), key.applicationKeys, owners);
        accessTokens = new AccessTokenApi(kernel.db(), key.accessTokens, owners);
    }

    @Override
    public void addTo(Routes routes) {
        apiKeys.addTo(routes);
        applicationKeys.addTo(routes);
        accessTokens.addTo(routes);
        new ValidateApi().addTo(routes);
    }
}
