package roster.core.org;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.core.access.SecondFactorPolicy;
import roster.model.Org;

/// The settings of an organisation. Roster stores and shows them. Where the comment does
/// not say more, nothing in Roster depends on a setting.
public enum OrgConfig {
    /// Where reports and notifications may be mailed, while [#DOMAIN_ALLOWLIST_ON].
    DOMAIN_ALLOWLIST("domain_allowlist", "domain allowlist for emails to be sent", ConfigType.EMAIL_DOMAIN_LIST,
        List.of()),
    DOMAIN_ALLOWLIST_ON("enable_domain_allowlist", "domain allowlist enablement for emails to be sent",
        ConfigType.BOOL, false),
    /// Invitations can be accepted for 30 days instead of 48 hours. Applies to those sent while it is on.
    LONG_INVITATIONS("30d_invite_expiration",
        "This will set the expiration date of Org invites to 30 days instead of the default 2 days", ConfigType.BOOL,
        false),
    OAUTH_CLIENT_DISALLOW_LIST("oauth_client_disallow_list",
        "Disallow list for oauth clients users can authorize with in a given org.", ConfigType.LIST, List.of()),
    RESTRICT_EXPORT_TO_CSV("restrict_export_to_csv",
        "Disables the ability to export Logs to CSV via the API and UI for all users of an org.", ConfigType.BOOL,
        false),
    PCI_ENABLED("pci_enabled", "pci compliance is enabled for this org", ConfigType.BOOL, false),
    /// Pages of the console ask each minute whether their session still runs, and lead to signing in if it does not.
    INVALID_SESSION_FORCED_LOGOUT("invalid_session_forced_logout",
        "Force reload on current_user 403 response / invalid session. Checked every minute.", ConfigType.BOOL, false),
    CUSTOM_ROLES("custom_roles", "Enables the custom roles (RBAC) UI.", ConfigType.BOOL, false),
    /// Only holders of `user_access_manage` may create or invite people.
    ADMIN_ONLY_INVITES("admin_only_invites", "Restrict user invites to only admins", ConfigType.BOOL, false),
    SECURITY_CONTACTS("security_contacts", "List of emails for security event notifications of an organization",
        ConfigType.SECURITY_CONTACTS_LIST, List.of()),
    TEAMS_MANAGE_MEMBERSHIP("teams_manage_membership", "Controls who can manage membership for teams",
        ConfigType.WORD, "organization"),
    TEAMS_EDIT_DETAILS("teams_edit_details", "Controls who can edit team details", ConfigType.WORD, "members"),
    TEAMS_PROVISIONING_SOURCES("teams_provisioning_sources", "Determines how users can be added to teams",
        ConfigType.WORD, "manually"),
    MONITOR_TIMEZONE("monitor_timezone", "Sets the time zone used for monitoring alerts", ConfigType.TIME_ZONE, "UTC"),
    /// After how many seconds without use a session ends: 300 to 86,400. 0: as the installation has it.
    SESSION_IDLE("roster_session_idle", "Seconds without use after which a session ends; 0: the installation's setting",
        ConfigType.IDLE_SECONDS, 0L),
    /// Of whom a second factor is asked. Those who have one are always asked for it.
    SECOND_FACTOR(SecondFactorPolicy.SETTING,
        "Who needs a second factor to sign in: off, administrators or everyone",
        ConfigType.SECOND_FACTOR_POLICY, SecondFactorPolicy.OFF.text()),
    /// What AuthN mappings do at each sign-in by a provider: `own`, `replace`, `off`.
    AUTHN_MAPPINGS("roster_authn_mappings",
        "What AuthN mappings do at each sign-in: own, their roles come and go with the claims; replace, roles become the "
            + "mapped ones; off", ConfigType.MAPPINGS, "own"),
    /// People whom a directory creates over SCIM are invited.
    SCIM_INVITATIONS("roster_scim_invitations", "Invite people whom a directory creates over SCIM", ConfigType.BOOL,
        false),
    /// The id of the role that people get who are created over SCIM without one; empty for none.
    SCIM_DEFAULT_ROLE("roster_scim_default_role",
        "The id of the role of people who are created over SCIM without one; empty for none", ConfigType.ROLE, ""),
    // From here on: set by calls of their own, and not listed.
    /// How long a session lasts, in seconds; 0: as the installation has it. More than 30 days count
    /// as 30 days.
    MAX_SESSION_DURATION("max_session_duration", "The longest a session lasts, in seconds", ConfigType.SECONDS, 0L),
    /// Whether people may sign in by password: one of the identity providers.
    LOGIN_STANDARD("login_standard", "Signing in by password", ConfigType.BOOL, true),
    LOGIN_GOOGLE_OIDC("login_google_oidc", "Signing in with Google", ConfigType.BOOL, true),
    LOGIN_SAML("login_saml", "Signing in by SAML", ConfigType.BOOL, false),
    SAML_IDP_INITIATED("saml_idp_initiated", "Beginning at the identity provider", ConfigType.BOOL, false),
    SAML_JIT_DOMAINS("saml_jit_domains", "Whose people become users by signing in", ConfigType.DOMAIN_LIST, List.of()),
    /// Ids of roles.
    SAML_DEFAULT_ROLES("saml_default_roles", "Roles of who became a user by signing in", ConfigType.LIST, List.of()),
    // Those that only the older organisation calls know.
    PRIVATE_WIDGET_SHARE("private_widget_share", "Sharing widgets", ConfigType.BOOL, false),
    SAML_STRICT_MODE("saml_strict_mode", "Signing in by SAML only", ConfigType.BOOL, false),
    SAML_AUTOCREATE("saml_autocreate", "Making users of people who sign in", ConfigType.BOOL, false),
    SAML_AUTOCREATE_DOMAINS("saml_autocreate_domains", "Of which domains", ConfigType.DOMAIN_LIST, List.of()),
    SAML_AUTOCREATE_ROLE("saml_autocreate_role", "With which role", ConfigType.ACCESS_ROLE, "st");

    private final String text;
    private final String description;
    private final ConfigType type;
    private final Object initial;

    OrgConfig(String text, String description, ConfigType type, Object initial) {
        this.text = text;
        this.description = description;
        this.type = type;
        this.initial = initial;
    }

    /// As the contract names it.
    public String text() {
        return text;
    }

    public String description() {
        return description;
    }

    public ConfigType type() {
        return type;
    }

    /// Its value until it is set.
    public Object initial() {
        return initial;
    }

    /// Whether it is among those that are listed, read and set by name.
    public boolean isListed() {
        return ordinal() < MAX_SESSION_DURATION.ordinal();
    }

    /// Of a setting in an organisation. Exists before the setting is changed.
    public record Id(UUID value) implements roster.model.Id {}

    public Id id(Org.Id org) {
        return new Id(roster.model.Id.named(org.value(), "org_configs/" + text));
    }

    public static Optional<OrgConfig> named(String text) {
        return Arrays.stream(values()).filter(config -> config.isListed() && config.text.equals(text)).findFirst();
    }
}
