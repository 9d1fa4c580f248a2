package roster.door.api.shared;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import roster.base.json.Json;
import roster.base.jsonapi.Resource;
import roster.core.saml.LoginMethods;
import roster.model.User;

/// The one place where a user becomes JSON.
public final class UserResources {
    private static final byte[] TEAM_ROLES = ",\"team_roles\":{\"data\":[]}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RELATIONSHIPS_END = "}}".getBytes(StandardCharsets.US_ASCII);

    private UserResources() {}

    /// A user in answers to a change.
    public static Resource resource(User user) {
        return related(attributes(user).with("last_login_time", user.lastLoginAt()), user);
    }

    /// A user in lists.
    public static Resource listed(User user) {
        return related(
            attributes(user).with("mfa_enabled", user.secondFactor()).with("last_login_time", user.lastLoginAt()),
            user);
    }

    /// The same as JSON.
    public static byte[] rendered(User user) {
        return Json.bytes(listed(user));
    }

    /// A user in the answer of GetUser, which has one more relationship, the last one.
    ///
    /// @param rendered as in lists
    public static List<byte[]> alone(byte[] rendered) {
        return List.of(Arrays.copyOf(rendered, rendered.length - RELATIONSHIPS_END.length), TEAM_ROLES,
            RELATIONSHIPS_END);
    }

    private static Resource attributes(User user) {
        return new Resource("users", user.id())
            .with("uuid", user.id())
            .with("name", user.name())
            .with("handle", user.handle())
            .with("created_at", user.createdAt())
            .with("modified_at", user.modifiedAt())
            .with("email", user.email())
            .with("icon", icon(user.email()))
            .with("title", user.title())
            .with("verified", user.verified())
            .with("service_account", user.serviceAccount())
            .with("disabled", user.disabled())
            .with("allowed_login_methods", LoginMethods.texts(user.loginMethods()))
            .with("status", user.status().text());
    }

    private static Resource related(Resource resource, User user) {
        return resource.toMany("roles", "roles", user.roles()).toOne("org", "orgs", user.org());
    }

    /// The address of the picture of an e-mail address. Gravatar prescribes MD5; it protects nothing here.
    public static String icon(String email) {
        try {
            var md5 = MessageDigest.getInstance("MD5").digest(email.getBytes(StandardCharsets.UTF_8));
            return "https://secure.gravatar.com/avatar/" + HexFormat.of().formatHex(md5) + "?s=48&d=retro";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
