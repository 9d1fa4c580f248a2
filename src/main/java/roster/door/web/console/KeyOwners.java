package roster.door.web.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.core.directory.DirectoryFeature;
import roster.core.index.PackedUser;
import roster.core.index.PeopleFilter;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.UserQuery;
import roster.core.key.KeyReach;
import roster.core.key.ListedKey;
import roster.core.user.Users;
import roster.door.web.console.KeyFormPage.Choice;
import roster.model.Id;
import roster.model.User;

/// For whom a caller may make keys: themselves, and service accounts.
final class KeyOwners {
    /// The most service accounts that can be chosen from on the page.
    private static final int SHOWN = 50;

    private final DirectoryFeature directory;
    private final Users users;

    KeyOwners(ConsoleDoor.Rooms rooms) {
        directory = rooms.directory();
        users = rooms.user().users;
    }

    /// @param sent the id of the one who was chosen; empty: oneself
    Optional<ListedKey.Owner> known(Visit visit, String sent) {
        return Id.parse(sent).map(User.Id::new)
            .flatMap(id -> visit.read(tx -> users.find(tx, visit.caller().org(), id)))
            .map(user -> new ListedKey.Owner(user.id(), user.name(), user.email(), user.serviceAccount()));
    }

    /// @param sent as above
    /// @return none if there is nothing to choose: the key is the caller's own
    Optional<Choice> choice(Visit visit, String sent) {
        var reach = KeyReach.making(visit.caller());
        var options = new LinkedHashMap<String, String>();
        reach.own().ifPresent(_ -> options.put("", "You"));
        var more = false;
        if (reach.coversServiceAccounts()) {
            known(visit, sent).filter(ListedKey.Owner::service)
                .ifPresent(owner -> options.put(owner.id().toString(), KeyWords.called(owner)));
            more = accounts(visit, options) > SHOWN;
        }
        if (options.size() == 1 && options.containsKey("")) {
            return Optional.empty();
        }
        var field =
            Field.of("owner", "Owner", sent).hinting(options.isEmpty() ? "There is no service account yet." : "");
        return Optional.of(new Choice(field, options, more ? visit.link().to(ServiceAccountPages.PATH)
            .map(href -> new Field.Way("Choose another service account…", href)) : Optional.empty()));
    }

    /// @return how many there are
    private long accounts(Visit visit, Map<String, String> options) {
        var filter = PeopleFilter.of(Kind.SERVICE);
        var active = new PeopleFilter(Set.of(User.Status.ACTIVE), filter.roles(), false, Kind.SERVICE, Set.of(), false,
            Optional.empty(), Optional.empty());
        var list = directory.directory.read(visit.caller(), view -> directory.people.list(view, visit.caller().org(),
            new PeopleRequest(new PeopleQuery(Optional.empty(), active, UserQuery.Sort.NAME, false), Place.FIRST, SHOWN,
                visit.times().now(), visit.times().zone())));
        list.users().stream().map(PackedUser::user)
            .forEach(user -> options.putIfAbsent(user.id().toString(), Persons.name(user)));
        return list.matching();
    }
}
