package roster.model;

/// A named right, the same in all organisations. A key's scopes are permissions too. The catalogue defines which exist.
///
/// @param name stable machine name, such as `user_access_manage`
public record Permission(String name) {
    public static final Permission USER_ACCESS_READ = new Permission("user_access_read");
    public static final Permission USER_ACCESS_INVITE = new Permission("user_access_invite");
    public static final Permission USER_ACCESS_MANAGE = new Permission("user_access_manage");
    public static final Permission SERVICE_ACCOUNT_WRITE = new Permission("service_account_write");
    public static final Permission API_KEYS_READ = new Permission("api_keys_read");
    public static final Permission API_KEYS_WRITE = new Permission("api_keys_write");
    public static final Permission API_KEYS_DELETE = new Permission("api_keys_delete");
    public static final Permission USER_APP_KEYS = new Permission("user_app_keys");
    public static final Permission ORG_APP_KEYS_READ = new Permission("org_app_keys_read");
    public static final Permission ORG_APP_KEYS_WRITE = new Permission("org_app_keys_write");
    public static final Permission USER_SELF_PROFILE_WRITE = new Permission("user_self_profile_write");
    public static final Permission AUDIT_LOGS_READ = new Permission("audit_logs_read");
    public static final Permission ORG_MANAGEMENT = new Permission("org_management");

    @Override
    public String toString() {
        return name;
    }
}
