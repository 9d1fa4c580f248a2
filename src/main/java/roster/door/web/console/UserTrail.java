package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.base.db.Tx;
import roster.core.audit.TrailOfUser;
import roster.core.audit.TrailOfUser.Place;
import roster.core.user.History;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.User;

/// The page of the audit trail about a user and by them.
final class UserTrail {
    private static final int ENTRIES = 50;
    private static final int LATEST = 5;
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,18})[.]([0-9]{1,9})");

    private UserTrail() {}

    /// @param template of the route of the page
    static PersonPage.History of(Visit visit, Tx tx, History history, User user, PersonHead head, String template) {
        var before = visit.request().query().first(ListAddress.BEFORE).map(UserTrail::place);
        var found = TrailOfUser.list(tx, user.org(), user.id(), before, ENTRIES);
        var entries = found.stream().limit(ENTRIES).toList();
        var href = visit.link().to(template, user.id()).orElseThrow();
        return new PersonPage.History(head, user.serviceAccount() ? "About it, and by it" : "About them, and by them",
            TrailShown.of(visit, entries, Optional.of(user.id().value()),
                history.roleNames(tx, user.org(), Changes.roles(entries))),
            before.map(_ -> href + Persons.query(visit, "")),
            Optional.of(entries).filter(_ -> found.size() > ENTRIES).map(List::getLast)
                .map(last -> href + Persons.query(visit, "before=" + last.version() + "." + last.entry())));
    }

    /// Its beginning.
    ///
    /// @param all the address of the whole
    static PersonPage.Latest latest(Visit visit, Tx tx, History history, User user, String all) {
        var entries = TrailOfUser.list(tx, user.org(), user.id(), Optional.empty(), LATEST).stream().limit(LATEST)
            .toList();
        return new PersonPage.Latest(TrailShown.of(visit, entries, Optional.of(user.id().value()),
            history.roleNames(tx, user.org(), Changes.roles(entries))),
            "All " + Persons.counted(TrailOfUser.count(tx, user.org(), user.id())), Optional.of(all));
    }

    private static Place place(String sent) {
        var found = PLACE.matcher(sent);
        if (!found.matches()) {
            throw new Refused(new BadParameter(ListAddress.BEFORE));
        }
        return new Place(Long.parseLong(found.group(1)), Integer.parseInt(found.group(2)));
    }
}
