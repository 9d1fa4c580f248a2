package roster.door.command;

import java.util.List;
import java.util.Optional;
import roster.core.reader.PeopleCsv;
import roster.model.Org;
import roster.model.User;

/// What became of a [BulkRequest].
public sealed interface BulkAnswer extends SocketAnswer {
    /// It was done, and committed. Each request has its own type of this answer.
    sealed interface Done extends BulkAnswer {}

    /// It was not done, and asking again would not help.
    ///
    /// @param why one line for the operator
    record Failed(String why) implements BulkAnswer {}

    /// The database is away or too busy. The request may be sent again; where a commit broke off, it may have been done.
    record Busy() implements BulkAnswer {}

    record OrgFound(Org.Id org) implements Done {}

    /// @param verdicts one for each row, in the same order
    record Imported(List<Verdict> verdicts) implements Done {}

    /// @param rows empty after the last page
    /// @param last the user of the last row
    /// @param total users of the organisation, on the first page only
    record Page(List<PeopleCsv.Row> rows, Optional<User.Id> last, Optional<Long> total) implements Done {}

    record RolesReady() implements Done {}

    /// @param created how many did not exist before
    record PeopleCreated(long created) implements Done {}

    /// What became of one row of an import.
    ///
    /// @param faults what is wrong with an invalid row; empty for others
    record Verdict(Kind kind, List<String> faults) {
        enum Kind {
            CREATED, EXISTS, INVALID
        }

        static final Verdict CREATED = new Verdict(Kind.CREATED, List.of());
        static final Verdict EXISTS = new Verdict(Kind.EXISTS, List.of());

        static Verdict invalid(List<String> faults) {
            return new Verdict(Kind.INVALID, faults);
        }
    }
}
