package roster.door.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import roster.base.source.Ids;
import roster.model.Org;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// The people that `roster seed` makes, without a database.
public final class Crowd {
    private final DemoPeople people = new DemoPeople(1);
    private final Org.Id org;
    private final List<Role.Id> roles = DemoPeople.ROLES.stream().map(name -> new Role.Id(new Ids().next())).toList();

    public Crowd(Org.Id org) {
        this.org = org;
    }

    /// @param number from 0; the same number is another user each time, with a new id
    public User user(long number) {
        var person = people.person(number);
        var created = Instant.EPOCH.plus(1_700_000_000_000_000L + number, ChronoUnit.MICROS);
        return new User(new User.Id(new Ids().next()), org, person.email(), person.email(),
            Optional.of(Text.clean(person.name())),
            Optional.of(Text.clean(person.title())), number % 3 != 0, false, false, created, created, Optional.empty(),
            List.of(roles.get(person.role())));
    }
}
