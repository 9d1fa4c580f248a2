package roster.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A named set of permissions. A user who has the role holds all of them.
///
/// @param managed which of the three built-in roles this is; empty for an organisation's own role
/// @param permissions for a managed role, as defined by the catalogue
/// @param createdBy,modifiedBy handle of the acting user; empty if it was not a user
/// @param receivesPermissionsFrom names of managed roles; stored and returned as given
/// @param externalId what a directory calls it, as it was sent
public record Role(
    Id id,
    Org.Id org,
    String name,
    Optional<Managed> managed,
    Set<Permission> permissions,
    List<String> receivesPermissionsFrom,
    Instant createdAt,
    Instant modifiedAt,
    Optional<String> createdBy,
    Optional<String> modifiedBy,
    Optional<String> externalId) {

    /// The longest name, in characters (Unicode code points).
    public static final int NAME_MAX = 255;

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// The roles that every organisation has from its creation and cannot change. Each holds all permissions of the
    /// one before.
    public enum Managed {
        READ_ONLY("Datadog Read Only Role"),
        STANDARD("Datadog Standard Role"),
        ADMIN("Datadog Admin Role");

        private final String roleName;

        Managed(String roleName) {
            this.roleName = roleName;
        }

        /// The name by which clients find the role; part of the contract.
        public String roleName() {
            return roleName;
        }
    }

    /// What an audit entry records about the role.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", name);
        facts.put("created_at", createdAt.toString());
        if (managed.isPresent()) {
            facts.put("managed", managed.get().name());
        } else {
            facts.put("permissions", permissions.stream().map(Permission::name).sorted().toList());
            facts.put("receives_permissions_from", receivesPermissionsFrom);
        }
        externalId.ifPresent(id -> facts.put("external_id", id));
        return facts;
    }
}
