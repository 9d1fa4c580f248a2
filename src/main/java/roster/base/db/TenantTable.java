package roster.base.db;

import java.util.List;
import java.util.Optional;

/// A table with rows of organisations, described for everything that goes through all tables: anonymisation and the search for
/// leftovers, the promise that every change is audited, backup, distribution over several machines.
///
/// Each feature names its tables. A table of the database that no feature names fails TenantTablesTest.
///
/// @param name as in SQL
/// @param org the column with the id of the organisation
/// @param user which rows belong to a user; empty if none do
/// @param personal columns that may identify a user
/// @param shownWith columns with ids of users whose handles are shown with the row; such rows count as changed when the user is
///     anonymised
/// @param mention which rows tell of a user who is not their owner, and what stays of them when that user is anonymised
/// @param versioned whether each row has the version of the write that changed it last
/// @param distributedBy the column by which rows would be distributed over several machines
public record TenantTable(String name, String org, Optional<UserRows> user, List<String> personal,
    List<String> shownWith, Optional<Mention> mention, boolean versioned, String distributedBy) {
    /// Rows that belong to one user.
    ///
    /// @param column with the user's id
    /// @param endWithUser whether they are deleted when the user is anonymised; else what is personal in them is replaced
    public record UserRows(String column, boolean endWithUser) {}

    /// Rows that tell of a user.
    ///
    /// @param condition SQL that holds where the row has the user's id, in place of its one `?`
    /// @param cleared SQL assignments to columns after which it does not
    public record Mention(String condition, String cleared) {}

    /// A versioned table without personal data, distributed by its organisation.
    public static TenantTable of(String name) {
        return new TenantTable(name, "org_id", Optional.empty(), List.of(), List.of(), Optional.empty(), true,
            "org_id");
    }

    /// The same, whose rows belong to users and are deleted when a user is anonymised.
    public TenantTable endingWithUser(String column) {
        return owned(new UserRows(column, true));
    }

    /// The same, whose rows belong to users and stay without their personal data when a user is anonymised.
    public TenantTable ofUser(String column) {
        return owned(new UserRows(column, false));
    }

    private TenantTable owned(UserRows rows) {
        return new TenantTable(name, org, Optional.of(rows), personal, shownWith, mention, versioned, distributedBy);
    }

    /// The same, with these columns that may identify a user.
    public TenantTable personal(String... columns) {
        return new TenantTable(name, org, user, List.of(columns), shownWith, mention, versioned, distributedBy);
    }

    /// The same, whose rows show the handles of the users with the ids in these columns.
    public TenantTable shownWith(String... columns) {
        return new TenantTable(name, org, user, personal, List.of(columns), mention, versioned, distributedBy);
    }

    /// The same, whose rows are cleared where they tell of a user who is anonymised, as [Mention] has it.
    public TenantTable clearedWhere(String condition, String cleared) {
        return new TenantTable(name, org, user, personal, shownWith, Optional.of(new Mention(condition, cleared)),
            versioned, distributedBy);
    }

    /// The same, whose rows change without a version and are never cached.
    public TenantTable unversioned() {
        return new TenantTable(name, org, user, personal, shownWith, mention, false, distributedBy);
    }

    /// The same, distributed by another column: a pointer is looked up before its organisation is known.
    public TenantTable distributedBy(String column) {
        return new TenantTable(name, org, user, personal, shownWith, mention, versioned, column);
    }

    /// The same, whose own id is that of the organisation.
    public TenantTable orgIn(String column) {
        return new TenantTable(name, column, user, personal, shownWith, mention, versioned, column);
    }
}
