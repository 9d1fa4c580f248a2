package roster.core.index;

import java.util.List;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleFilter.Seen;
import roster.model.User;
import roster.model.User.Status;

/// What filters ask of users most, in one byte for each: a filter looks at a million of them in a few milliseconds, and need
/// not look at the users themselves.
final class UserMarks {
    private static final List<Status> STATUSES = List.of(Status.values());
    private static final int STATUS = 3;
    private static final int SERVICE_ACCOUNT = 4;
    private static final int SECOND_FACTOR = 8;
    private static final int SIGNED_IN = 16;
    private static final int COUNT = 32;

    private UserMarks() {}

    static byte of(User user) {
        return (byte) (user.status().ordinal() | (user.serviceAccount() ? SERVICE_ACCOUNT : 0)
            | (user.secondFactor() ? SECOND_FACTOR : 0) | (user.lastLoginAt().isPresent() ? SIGNED_IN : 0));
    }

    static Status status(byte marks) {
        return STATUSES.get(marks & STATUS);
    }

    static boolean isServiceAccount(byte marks) {
        return (marks & SERVICE_ACCOUNT) != 0;
    }

    /// By marks, whether users who have them may match a filter.
    static boolean[] wanted(UserFilter filter) {
        var wanted = new boolean[COUNT];
        for (var marks = 0; marks < COUNT; marks++) {
            wanted[marks] = (marks & STATUS) < STATUSES.size() && isWanted(filter, (byte) marks);
        }
        return wanted;
    }

    private static boolean isWanted(UserFilter filter, byte marks) {
        var seen = filter.seen().isEmpty()
            || filter.seen().contains((marks & SIGNED_IN) == 0 ? Seen.NEVER : Seen.NOT_FOR_90_DAYS);
        var kind = filter.kind() == Kind.BOTH || isServiceAccount(marks) == (filter.kind() == Kind.SERVICE);
        return seen && kind && (filter.statuses().isEmpty() || filter.statuses().contains(status(marks)))
            && !(filter.withoutSecondFactor() && (marks & SECOND_FACTOR) != 0);
    }
}
