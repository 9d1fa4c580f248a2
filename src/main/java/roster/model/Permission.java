package roster.model;

/// A named right, the same in all organisations; also the name of a key's scope. The catalogue says which exist.
///
/// @param name stable machine name, as `user_access_manage`
public record Permission(String name) {
    public static final Permission USER_ACCESS_READ = new Permission("user_access_read");
    public static final Permission USER_ACCESS_INVITE = new Permission("user_access_invite");
    public static final Permission USER_ACCESS_MANAGE = new Permission("user_access_manage");
    public static final Permission SERVICE_ACCOUNT_WRITE = new Permission("service_account_write");
    public static final Permission ORG_MANAGEMENT = new Permission("org_management");

    @Override
    public String toString() {
        return name;
    }
}
