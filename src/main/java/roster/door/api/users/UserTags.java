package roster.door.api.users;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import roster.base.db.OrgVersions;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.core.directory.PeopleWords;
import roster.core.index.ListRequest;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.permission.Catalogue;
import roster.core.saml.LoginMethods;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;

/// Makes the `ETag` of answers about users: a keyed hash of all that goes into the answer. Making it costs less than making
/// the answer. It is the same on every node and after a restart.
///
/// The tag of a user is made of the user's fields, not of the version of the last write: a restored database may reach the
/// same version with other content.
public final class UserTags {
    /// Raise it with every change to how users, roles and permissions are rendered.
    private static final int FORMAT = 2;

    private final Secrets secrets;
    private final byte[] catalogue;

    public UserTags(Secrets secrets, Catalogue catalogue) {
        this.secrets = secrets;
        var all = new LengthPrefixed().add(catalogue.listed());
        for (var managed : Role.Managed.values()) {
            all.add(names(catalogue.heldBy(managed)));
        }
        this.catalogue = Secrets.digest(new String(all.bytes(), StandardCharsets.UTF_8));
    }

    /// The tags of a user.
    ///
    /// @param roles the user's, sorted by name
    List<String> of(User user, List<Role> roles) {
        var fields = new LengthPrefixed().add("user").add(FORMAT).add(catalogue)
            .add(user.org()).add(user.id()).add(user.email()).add(user.handle()).add(user.name()).add(user.title())
            .add(user.verified()).add(user.disabled()).add(user.serviceAccount())
            .add(user.createdAt()).add(user.modifiedAt()).add(user.lastLoginAt())
            .add(LoginMethods.texts(user.loginMethods())).add(user.secondFactor());
        for (var role : roles) {
            fields.add(role.id()).add(role.name()).add(role.createdAt()).add(role.modifiedAt()).add(role.managed());
            if (role.managed().isEmpty()) { // the permissions of managed roles are in the catalogue
                fields.add(names(role.permissions()));
            }
        }
        return secrets.tags(fields.bytes());
    }

    private static List<String> names(Set<Permission> permissions) {
        return permissions.stream().map(Permission::name).sorted().toList();
    }

    /// The tags of a list.
    ///
    /// @param state of the organisation; changes with every write to it
    List<String> of(Org.Id org, OrgVersions.State state, ListRequest request) {
        var query = request.query();
        var fields = new LengthPrefixed().add("list").add(FORMAT).add(catalogue)
            .add(org).add(state.version()).add(state.stamp())
            .add(query.text()).add(query.statuses()).add(query.sort()).add(query.descending())
            .add(query.paging().size()).add(query.paging().number());
        request.after().ifPresent(position -> add(fields, position));
        return secrets.tags(fields.bytes());
    }

    private static void add(LengthPrefixed fields, SortPosition position) {
        fields.add(position.key()).add(position.email()).add(position.id());
    }

    /// The tags of a list of people.
    ///
    /// @param state of the organisation; changes with every write to it
    List<String> of(Org.Id org, OrgVersions.State state, PeopleRequest request) {
        var query = request.query();
        var fields = new LengthPrefixed().add("people").add(FORMAT).add(catalogue)
            .add(org).add(state.version()).add(state.stamp())
            .add(PeopleWords.of(query, Kind.BOTH)).add(request.rows());
        if (!query.filter().seen().isEmpty()) {
            fields.add(request.seenBefore());
        }
        switch (request.place()) {
            case Place.First _ -> fields.add("first");
            case Place.End _ -> fields.add("end");
            case Place.After(var position) -> add(fields.add("after"), position);
            case Place.Before(var position) -> add(fields.add("before"), position);
        }
        return secrets.tags(fields.bytes());
    }
}
