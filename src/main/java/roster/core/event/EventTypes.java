package roster.core.event;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import roster.model.Text;

/// The catalogue of types: every action of the trail, but for those of [#NO_EVENTS].
public final class EventTypes {
    /// What changes nothing, and anyone can cause by guessing.
    public static final Set<String> NO_EVENTS = Set.of("sign_in.failed", "sign_in.refused");

    private static final List<EventType> ALL = all();

    private static final Map<String, EventType> BY_NAME =
        ALL.stream().collect(Collectors.toUnmodifiableMap(EventType::name, Function.identity()));

    private EventTypes() {}

    /// By name.
    public static List<EventType> listed() {
        return ALL;
    }

    public static Optional<EventType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// The types that a pattern names: a name, the first part of one followed by `.*`, or `*` for all.
    ///
    /// @return none if it names none
    public static List<EventType> matching(String pattern) {
        if (pattern.equals("*")) {
            return ALL;
        }
        if (pattern.endsWith(".*")) {
            var begin = pattern.substring(0, pattern.length() - 1);
            return ALL.stream().filter(type -> type.name().startsWith(begin)).toList();
        }
        return named(pattern).stream().toList();
    }

    /// The name that is most like a text, for those who misspelled one.
    public static String nearest(String text) {
        return ALL.stream().map(EventType::name).min(Comparator.comparingInt(name -> Text.distance(name, text)))
            .orElseThrow();
    }

    private static List<EventType> all() {
        var told = new ArrayList<EventType>();
        byKind().forEach((kind, types) -> types
            .forEach((name, description) -> told.add(new EventType(name, kind, description))));
        told.sort(Comparator.comparing(EventType::name));
        return List.copyOf(told);
    }

    private static Map<ObjectKind, Map<String, String>> byKind() {
        var all = new TreeMap<ObjectKind, Map<String, String>>();
        all.put(ObjectKind.USER, ofUsers());
        all.put(ObjectKind.INVITATION, Map.of(
            "invitation.sent", "A user was invited, and their e-mail queued.",
            "invitation.resent", "An invitation was given a new link, and sent again.",
            "invitation.accepted", "A user accepted their invitation.",
            "invitation.cancelled", "An invitation was cancelled, or replaced by another.",
            "invitation.requested", "The holder of an expired link asked for a new invitation.",
            "invitation.bounced", "The mail server of the recipient refused the e-mail for good.",
            "invitation.expiry_repaired", "The end of an invitation was repaired after a clock was ahead."));
        all.put(ObjectKind.ROLE, Map.of(
            "role.created", "A role was created.",
            "role.updated", "A role was renamed, or its permissions or its external id changed.",
            "role.deleted", "A role was deleted; all of its members lost it.",
            "role.permission_granted", "A role was given a permission.",
            "role.permission_revoked", "A permission was taken from a role.",
            "role.member_added", "A user, whom it is about, was given a role.",
            "role.member_removed", "A role was taken from a user, whom it is about.",
            "scim.members_skipped", "A directory named members of a role who are no users here."));
        all.put(ObjectKind.API_KEY, Map.of(
            "api_key.issued", "An API key was created.",
            "api_key.updated", "An API key was renamed, or its settings changed.",
            "api_key.accessed", "The secret of an API key was read.",
            "api_key.revoked", "An API key was deleted."));
        all.put(ObjectKind.APPLICATION_KEY, Map.of(
            "application_key.issued", "An application key was created.",
            "application_key.updated", "An application key was renamed, or its scopes changed.",
            "application_key.revoked", "An application key was deleted."));
        all.put(ObjectKind.ACCESS_TOKEN, Map.of(
            "access_token.issued", "An access token was created.",
            "access_token.updated", "An access token was renamed, or its scopes changed.",
            "access_token.revoked", "An access token was deleted."));
        all.put(ObjectKind.SESSION, Map.of("session.ended", "A session was ended; `why` says by what."));
        all.put(ObjectKind.IDENTITY, Map.of(
            "identity.linked", "An account at an identity provider was linked to a user.",
            "identity.unlinked", "An account at an identity provider was unlinked from a user."));
        all.put(ObjectKind.IDENTITY_PROVIDER, Map.of(
            "identity_provider.created", "An OpenID Connect provider was added.",
            "identity_provider.updated", "A way to sign in was enabled or disabled, or its configuration changed.",
            "identity_provider.deleted", "An OpenID Connect provider was removed."));
        all.put(ObjectKind.SAML_CONFIGURATION, Map.of(
            "saml_configuration.created", "The metadata of a SAML identity provider were stored.",
            "saml_configuration.updated", "The metadata of the SAML identity provider or its settings changed."));
        all.put(ObjectKind.AUTHN_MAPPING, Map.of(
            "authn_mapping.created", "A mapping from an attribute to a role was created.",
            "authn_mapping.updated", "A mapping from an attribute to a role was changed or confirmed.",
            "authn_mapping.deleted", "A mapping from an attribute to a role was deleted."));
        all.put(ObjectKind.ORG, Map.of(
            "org.created", "The organization was created.",
            "org.updated", "The name, the description or a setting of the organization changed.",
            "org.disabled", "The organization was disabled.",
            "org.enabled", "The organization was enabled.",
            "org.child_created", "The organization made another one, which it manages.",
            "org.child_disabled", "The organization disabled one that it manages.",
            "org.clock_repaired", "Times that were ahead of the clock were repaired.",
            "org.touched", "The database was edited by hand: anything may have changed, so read everything anew."));
        all.put(ObjectKind.ORG_CONFIG, Map.of("org_config.updated", "A setting of the organization changed."));
        all.put(ObjectKind.IP_ALLOWLIST,
            Map.of("ip_allowlist.updated", "The networks from which the organization may be used changed."));
        all.put(ObjectKind.DOMAIN_ALLOWLIST,
            Map.of("domain_allowlist.updated", "The domains to whose addresses e-mail may be sent changed."));
        all.put(ObjectKind.USER_LIST, Map.of("user_list.exported", "The users, or some of them, were exported."));
        all.put(ObjectKind.AUDIT_TRAIL, Map.of("audit_trail.exported", "A part of the audit trail was exported."));
        return all;
    }

    private static Map<String, String> ofUsers() {
        return Map.ofEntries(
            entry("user.created", "A user or a service account was created."),
            entry("user.updated", "A user's name, title, or address changed."),
            entry("user.verified", "A user joined: they accepted an invitation, or signed in for the first time."),
            entry("user.disabled", "A user was disabled; their keys and sessions ended. Common, and can be undone."),
            entry("user.enabled", "A user was enabled again."),
            entry("user.password_set", "A user set their first password."),
            entry("user.anonymized", "A user was anonymized, for good: erase what you hold about them."),
            entry("user.profile_changed", "What a directory says of a user over SCIM changed."),
            entry("user.deprovisioned", "A directory deleted a user over SCIM."),
            entry("user.restored", "A user who was deleted over SCIM was restored."),
            entry("scim.roles_skipped", "A directory named roles of a user that there are not."),
            entry("scim.roles_stale",
                "A directory's change of a user's roles was left out, as it had read older ones."),
            entry("scim.invitation_skipped", "A user whom a directory created was not invited: there were too many."),
            entry("authn_mapping.applied", "Role mappings changed a user's roles when they signed in."),
            entry("authn_mapping.withheld", "Role mappings would have given a user more than may be given."),
            entry("authn_mapping.skipped", "Role mappings did not apply to a user, whose roles stayed."),
            entry("identity_provider.override_updated", "The ways in which a user may sign in changed."),
            entry("identity.letter_sent", "A user asked for an e-mail to link an account at an identity provider."),
            entry("sign_in.succeeded", "A user signed in, which began a session."),
            entry("sign_in_link.made", "An operator made a link for a user to sign in by."),
            entry("sign_in_link.addresses_sent", "A user asked where to sign in."),
            entry("password.changed", "A user changed their password."),
            entry("password.reset", "A user set a password by a link that was sent to them."),
            entry("password.reset_sent", "A user asked for a link to reset their password."),
            entry("second_factor.added", "A user added an authenticator app or a passkey."),
            entry("second_factor.removed", "A user removed an authenticator app or a passkey."),
            entry("second_factor.renamed", "A user renamed a passkey."),
            entry("second_factor.reset", "The second factors of a user were reset."),
            entry("recovery_codes.made", "A user made new recovery codes."),
            entry("recovery_codes.used", "A user signed in by a recovery code."));
    }
}
