package roster.core.user;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.jsonapi.Paging;
import roster.core.access.Secrets;
import roster.model.Org;
import roster.model.User;

/// `page[cursor]`: the query and the place to go on from, sealed, so that no name or address shows in an address.
final class Cursors {
    /// Raised when the fields change: older cursors are refused then.
    private static final String FORMAT = "1";

    private final Secrets secrets;

    Cursors(Secrets secrets) {
        this.secrets = secrets;
    }

    String seal(Org.Id org, UserQuery query, Place place) {
        return secrets.sealCursor(org.value(), new Fields()
            .add(FORMAT)
            .add(query.text())
            .add(query.statuses().map(Cursors::listed))
            .add(query.sort().name())
            .add(query.descending())
            .add(query.paging().size())
            .add(place.key())
            .add(place.email())
            .add(place.id())
            .bytes());
    }

    private static String listed(Set<User.Status> statuses) {
        return String.join(",", EnumSet.copyOf(statuses).stream().map(User.Status::name).toList());
    }

    /// @return nothing if it is no cursor of this organisation
    Optional<Walk> open(Org.Id org, String cursor) {
        return secrets.openCursor(org.value(), cursor).flatMap(Fields::read)
            .filter(fields -> !fields.isEmpty() && text(fields.getFirst()).equals(FORMAT)).map(Cursors::walk);
    }

    private static Walk walk(List<byte[]> fields) {
        var place = new Place(fields.get(8), fields.get(9), UUID.fromString(text(fields.get(10))));
        return new Walk(new UserQuery(optional(fields, 1), optional(fields, 3).map(Cursors::statuses),
            UserQuery.Sort.valueOf(text(fields.get(5))), Boolean.parseBoolean(text(fields.get(6))),
            new Paging(Integer.parseInt(text(fields.get(7))), 0)), Optional.of(place));
    }

    private static Set<User.Status> statuses(String list) {
        var statuses = EnumSet.noneOf(User.Status.class);
        Arrays.stream(list.split(",")).map(User.Status::valueOf).forEach(statuses::add);
        return statuses;
    }

    private static Optional<String> optional(List<byte[]> fields, int at) {
        return Boolean.parseBoolean(text(fields.get(at))) ? Optional.of(text(fields.get(at + 1))) : Optional.empty();
    }

    private static String text(byte[] field) {
        return new String(field, StandardCharsets.UTF_8);
    }
}
