package roster.core.permission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.json.Json;
import roster.model.Permission;
import roster.model.Role;
import tools.jackson.databind.JsonNode;

/// All permissions that exist, and which of them the managed roles hold: data of the contract, from `permissions.json`.
public final class Catalogue {
    /// @param position in catalogue order, from 0
    /// @param restricted whether every new role gets it by default
    /// @param listed whether it is shown; unlisted ones are granted through roles but never appear in an answer
    public record Entry(
        UUID id,
        Permission permission,
        int position,
        String displayName,
        String description,
        Instant created,
        String group,
        String displayType,
        boolean restricted,
        boolean listed) {}

    /// Unlisted permissions that every authenticated user holds, whatever their roles.
    public static final Set<Permission> EVERYONE = Set.of(
        Permission.USER_ACCESS_READ,
        new Permission("teams_read"),
        new Permission("user_self_profile_read"),
        new Permission("user_self_profile_write"));

    private final Map<Permission, Entry> entries = new LinkedHashMap<>();
    private final Map<UUID, Entry> byId = new LinkedHashMap<>();
    private final Map<Role.Managed, Set<Permission>> managed = new EnumMap<>(Role.Managed.class);
    private final Set<Permission> defaults = new LinkedHashSet<>();

    private Catalogue(JsonNode tree) {
        for (var managedRole : Role.Managed.values()) {
            managed.put(managedRole, new LinkedHashSet<>());
        }
        tree.get("permissions").forEach(this::add);
        tree.get("default_permissions").forEach(name -> defaults.add(new Permission(name.asString())));
    }

    public static Catalogue load() {
        try (var in = Catalogue.class.getResourceAsStream("/permissions.json")) {
            return new Catalogue(Json.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(JsonNode node) {
        var entry = new Entry(
            UUID.fromString(node.get("id").asString()),
            new Permission(node.get("name").asString()),
            entries.size(),
            node.get("display_name").asString(),
            node.get("description").asString(),
            OffsetDateTime.parse(node.get("created").asString()).toInstant(),
            node.get("group_name").asString(),
            node.get("display_type").asString(),
            node.get("restricted").asBoolean(),
            node.path("listed").asBoolean(true));
        entries.put(entry.permission(), entry);
        byId.put(entry.id(), entry);
        var lowest = node.path("lowest_managed_role");
        if (!lowest.isNull() && !lowest.isMissingNode()) {
            var least = Role.Managed.valueOf(lowest.asString().toUpperCase(Locale.ROOT));
            managed.forEach((role, holds) -> {
                if (role.compareTo(least) >= 0) {
                    holds.add(entry.permission());
                }
            });
        }
    }

    /// The permissions that are shown, in catalogue order.
    public List<Entry> listed() {
        return entries.values().stream().filter(Entry::listed).toList();
    }

    /// Those of these permissions that are shown, each once, in catalogue order.
    public List<Entry> listed(Collection<Permission> permissions) {
        return permissions.stream().distinct().map(entries::get).filter(entry -> entry != null && entry.listed())
            .sorted(Comparator.comparingInt(Entry::position)).toList();
    }

    /// How many of these permissions are shown.
    ///
    /// @param permissions each once
    public long countListed(Collection<Permission> permissions) {
        return permissions.stream().map(entries::get).filter(entry -> entry != null && entry.listed()).count();
    }

    public Optional<Entry> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Optional<Entry> find(Permission permission) {
        return Optional.ofNullable(entries.get(permission));
    }

    public Set<Permission> heldBy(Role.Managed role) {
        return managed.get(role);
    }

    /// What every new role gets unless it opts out.
    public Set<Permission> defaults() {
        return defaults;
    }

    /// Names of the managed roles that hold a permission, as the database has them.
    public List<String> managedHolding(Permission permission) {
        var names = new ArrayList<String>();
        managed.forEach((role, holds) -> {
            if (holds.contains(permission)) {
                names.add(role.name());
            }
        });
        return names;
    }
}
