package roster.door.command;

import java.util.List;
import java.util.Optional;
import roster.core.reader.PeopleCsv;
import roster.model.Org;
import roster.model.User;

/// One step of a long command. [BulkHandler] does it in one transaction, in this process or in the running server.
public sealed interface BulkRequest extends SocketRequest {
    /// Finds the organisation that the command is about. Answered with [BulkAnswer.OrgFound].
    ///
    /// @param named its id, public id or exact name; may be empty if there is only one
    record FindOrg(Optional<String> named) implements BulkRequest {}

    /// Adds the people of some rows of a file. Answered with [BulkAnswer.Imported].
    ///
    /// @param dryRun whether to roll back what was done
    record ImportPeople(Org.Id org, boolean dryRun, List<PeopleCsv.Row> rows) implements BulkRequest {}

    /// Reads the next page of people. Answered with [BulkAnswer.Page].
    ///
    /// @param after the last user of the page before; empty for the first page
    record ExportPage(Org.Id org, Optional<User.Id> after) implements BulkRequest {}

    /// Creates the roles of demo people, unless they exist. Answered with [BulkAnswer.RolesReady].
    ///
    /// @param anyway whether the organisation may have people besides its administrators
    record CreateDemoRoles(Org.Id org, boolean anyway) implements BulkRequest {}

    /// Adds demo people whose roles exist already. Answered with [BulkAnswer.PeopleCreated].
    ///
    /// @param seed as for [DemoPeople]
    /// @param from number of the first one, from 0
    record CreateDemoPeople(Org.Id org, long seed, long from, int count) implements BulkRequest {}
}
