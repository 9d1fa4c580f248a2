package roster.door.api.users;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.secret.CursorCodec;
import roster.base.secret.LengthPrefixed;
import roster.core.index.ListRequest;
import roster.core.index.SortPosition;
import roster.core.index.UserQuery;
import roster.model.Org;
import roster.model.Paging;
import roster.model.User;

/// Cursors for `page[cursor]`: a query and the position to continue from, sealed, as URLs must not show names or addresses.
final class UserCursors {
    /// What cursors of users were marked with before other lists had any: it stays, so that a walk goes on after an upgrade.
    /// Another one once the fields change, so that older cursors are refused.
    private static final String LIST = "1";

    private final CursorCodec codec;

    UserCursors(CursorCodec codec) {
        this.codec = codec;
    }

    String seal(Org.Id org, UserQuery query, SortPosition position) {
        return codec.seal(org.value(), LIST, new LengthPrefixed()
            .add(query.text())
            .add(query.statuses().map(UserCursors::listed))
            .add(query.sort().name())
            .add(query.descending())
            .add(query.paging().size())
            .add(position.key())
            .add(position.email())
            .add(position.id()));
    }

    private static String listed(Set<User.Status> statuses) {
        return String.join(",", EnumSet.copyOf(statuses).stream().map(User.Status::name).toList());
    }

    /// @return nothing if this is not a cursor of the organisation
    Optional<ListRequest> open(Org.Id org, String cursor) {
        return codec.open(org.value(), LIST, cursor).map(UserCursors::request);
    }

    private static ListRequest request(List<byte[]> fields) {
        var position = new SortPosition(fields.get(7), fields.get(8), UUID.fromString(CursorCodec.text(fields.get(9))));
        return new ListRequest(new UserQuery(optional(fields, 0), optional(fields, 2).map(UserCursors::statuses),
            UserQuery.Sort.valueOf(CursorCodec.text(fields.get(4))),
            Boolean.parseBoolean(CursorCodec.text(fields.get(5))),
            new Paging(Integer.parseInt(CursorCodec.text(fields.get(6))), 0)), Optional.of(position));
    }

    private static Set<User.Status> statuses(String list) {
        var statuses = EnumSet.noneOf(User.Status.class);
        Arrays.stream(list.split(",")).map(User.Status::valueOf).forEach(statuses::add);
        return statuses;
    }

    private static Optional<String> optional(List<byte[]> fields, int at) {
        return Boolean.parseBoolean(CursorCodec.text(fields.get(at)))
            ? Optional.of(CursorCodec.text(fields.get(at + 1))) : Optional.empty();
    }
}
