package roster.core.provisioning;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import roster.base.json.Json;
import roster.base.scim.AttributeName;
import roster.base.scim.Attributes;
import roster.base.scim.Filter;
import roster.base.scim.ResourceType;
import roster.base.scim.ScimTimes;
import roster.base.scim.Schemas;
import roster.model.User;

/// A person as directories know them.
///
/// @param said what they said
/// @param saidAt when they last said something else, if they said anything
/// @param hidden whether they deleted them: then the person does not exist for them
/// @param roles by name
/// @param managerName of the manager, if that is a person whom SCIM shows
public record ProvisionedUser(User user, Said said, Optional<Instant> saidAt, boolean hidden, List<Membership> roles,
    Optional<String> managerName) {
    static final String USER_NAME = "userName";
    static final String EXTERNAL_ID = "externalId";
    static final String TITLE = "title";
    static final String ACTIVE = "active";
    static final String ROLES = "roles";
    static final String GROUPS = "groups";
    static final String ENTERPRISE = Schemas.ENTERPRISE_USER.id();
    static final String MANAGER = "manager";

    private static final String ID = "id";
    private static final String META = "meta";

    public User.Id id() {
        return user.id();
    }

    /// The later of the user's last change and of what stands in the directory's document.
    public Instant lastModified() {
        return saidAt.filter(user.modifiedAt()::isBefore).orElse(user.modifiedAt());
    }

    /// The name by which directories find them.
    public String userName() {
        return said.userName().orElse(user.email());
    }

    /// All that is shown, but for `schemas`, `id` and `meta`, and without addresses of resources.
    public Attributes attributes() {
        var all = new LinkedHashMap<String, Object>(said.attributes().values());
        said.externalId().ifPresent(text -> all.put(EXTERNAL_ID, text));
        all.put(USER_NAME, userName());
        all.put(PersonEmails.EMAILS, PersonEmails.shown(said, user));
        all.putAll(PersonNames.shown(PersonNames.of(said.attributes()), user).values());
        all.put(TITLE, title());
        all.put(ACTIVE, !user.disabled());
        all.put(ROLES, roles.stream().map(Membership::element).toList());
        all.put(GROUPS, roles.stream().map(Membership::group).toList());
        managerName.ifPresent(name -> all.put(ENTERPRISE, said.attributes().parts(ENTERPRISE)
            .with(MANAGER, said.attributes().parts(ENTERPRISE).parts(MANAGER).with("displayName", name).values())
            .values()));
        return Attributes.of(all);
    }

    /// The same with what filters may name besides: `id` and `meta`.
    public Attributes searchable() {
        return attributes().with(ID, user.id().toString()).with(META, meta());
    }

    /// Whether [#searchable] matches. Where a filter names only what [#sortable] makes of columns, nothing else is made.
    ///
    /// @param whole makes of the person what is shown of them, for filters that ask for [ShownParts]
    boolean matches(Filter filter, Function<ProvisionedUser, Map<String, Object>> whole) {
        if (ShownParts.areIn(filter)) {
            return filter.matches(whole.apply(this));
        }
        var names = filter.names().distinct().toList();
        return filter.matches(names.stream().allMatch(ProvisionedUser::isQuick)
            ? parts(names.stream().map(name -> name.attribute().name()).distinct().toList()) : searchable().values());
    }

    /// Whether a filter asks for what is made of the name of a manager.
    static boolean isOfManagers(Filter filter) {
        return filter.asksFor(name -> ShownParts.isOne(name) || name.leaf().name().equals(MANAGER)
            || name.attribute().name().equals(MANAGER));
    }

    private static boolean isQuick(AttributeName name) {
        var attribute = name.attribute().name();
        return name.extension().isEmpty() && (!isInDocument(attribute) || attribute.equals(PersonEmails.EMAILS));
    }

    private Map<String, Object> parts(List<String> attributes) {
        var parts = new HashMap<String, Object>();
        attributes.forEach(attribute -> parts.putAll(sortable(attribute)));
        return parts;
    }

    private Map<String, Object> meta() {
        return Json.members("resourceType", ResourceType.USER.name(), "created", ScimTimes.text(user.createdAt()),
            "lastModified", ScimTimes.text(lastModified()));
    }

    /// Of [#searchable] the attribute that lists are sorted by, at a small part of the cost.
    ///
    /// @param attribute one of [PeopleSearch#SORTABLE], without its parts
    Map<String, Object> sortable(String attribute) {
        var value = switch (attribute) {
            case ID -> user.id().toString();
            case EXTERNAL_ID -> said.externalId().orElse(null);
            case USER_NAME -> userName();
            case TITLE -> title();
            case ACTIVE -> !user.disabled();
            case PersonEmails.EMAILS -> PersonEmails.shown(said, user);
            case META -> meta();
            default -> PersonNames.shown(PersonNames.of(said.attributes()), user).values().get(attribute);
        };
        return value == null ? Map.of() : Map.of(attribute, value);
    }

    /// Whether [#sortable] is made of what directories keep in their document.
    static boolean isInDocument(String attribute) {
        return !List.of(ID, EXTERNAL_ID, USER_NAME, TITLE, ACTIVE, META).contains(attribute);
    }

    private String title() {
        return user.title().filter(text -> !text.isEmpty()).orElse(null);
    }

    /// The manager's id, as the directory sent it.
    Optional<String> manager() {
        return said.attributes().parts(ENTERPRISE).parts(MANAGER).text("value");
    }

    ProvisionedUser managedBy(Optional<String> name) {
        return new ProvisionedUser(user, said, saidAt, hidden, roles, name);
    }
}
