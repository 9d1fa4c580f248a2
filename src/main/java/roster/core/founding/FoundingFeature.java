package roster.core.founding;

import java.util.List;
import roster.base.feature.Feature;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.core.Kernel;
import roster.core.key.ApiKeys;
import roster.core.key.ApplicationKeys;
import roster.core.key.KeyFeature;
import roster.core.org.OrgFeature;
import roster.core.org.Orgs;
import roster.core.role.RoleFeature;
import roster.core.signin.SignInFeature;
import roster.core.user.UserFeature;
import roster.model.Email;

/// Creates organisations, and the first one of an installation.
public final class FoundingFeature implements Feature {
    private static final String FIRST_START = ". Used by the first start only";

    public static final Setting<String> ORG = Setting.of("ROSTER_BOOTSTRAP_ORG",
        "Name of the first organisation" + FIRST_START, text -> inForm(text,
            Orgs.nameFault(text).isEmpty(),
            "expected one line of up to %d characters, of which some are visible".formatted(Orgs.NAME_MAX)))
        .standard("Roster");

    public static final Setting<String> EMAIL = Setting.of("ROSTER_BOOTSTRAP_EMAIL",
        "E-mail address of the first administrator" + FIRST_START,
        text -> Email.folded(text).orElseThrow(() -> new IllegalArgumentException("expected an e-mail address")))
        .standard("admin@roster.invalid");

    public static final Setting<String> API_KEY = Setting.of("ROSTER_BOOTSTRAP_API_KEY",
        "API key of the first organisation: 32 lower-case hex characters" + FIRST_START,
        text -> inForm(text, ApiKeys.isSecret(text), "expected 32 lower-case hex characters")).derived("generated")
        .secret();

    public static final Setting<String> APP_KEY = Setting.of("ROSTER_BOOTSTRAP_APP_KEY",
        "Application key of the first administrator: 40 lower-case hex characters" + FIRST_START,
        text -> inForm(text, ApplicationKeys.isSecret(text), "expected 40 lower-case hex characters"))
        .derived("generated")
        .secret();

    public static final List<Setting<?>> SETTINGS = List.of(ORG, EMAIL, API_KEY, APP_KEY);

    public final Founding founding;
    public final ChildFounding children;
    public final FirstStart firstStart;

    public FoundingFeature(Kernel kernel, OrgFeature org, RoleFeature role, UserFeature user, KeyFeature key,
        SignInFeature signIn) {
        founding =
            new Founding(org.orgs, role.roles, user.users, user.newUsers, key.apiKeys, key.applicationKeys);
        children = new ChildFounding(org.children, founding, user.users);
        firstStart = new FirstStart(kernel.db(), founding, org.children, signIn.links);
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    /// What the operator wants of the first organisation.
    public static Founding.Wishes wishes(Settings settings) {
        return new Founding.Wishes(settings.require(ORG), settings.require(EMAIL), settings.get(API_KEY),
            settings.get(APP_KEY));
    }

    private static String inForm(String text, boolean good, String expected) {
        if (!good) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }
}
