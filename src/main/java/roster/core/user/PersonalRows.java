package roster.core.user;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.db.WriteTx;
import roster.model.User;

/// What all tables of all features hold of a user, as the features describe them: a new table is found by itself.
public final class PersonalRows {
    private final List<TenantTable> tables;

    public PersonalRows(List<TenantTable> tables) {
        this.tables = List.copyOf(tables);
    }

    /// Removes what the tables still say about a user: rows of theirs that should end with them, and what tells of them in others.
    /// By their id alone: an address may be that of another by now.
    void forget(WriteTx tx, User user) {
        for (var table : tables) {
            table.user().filter(TenantTable.UserRows::endWithUser).ifPresent(rows -> tx.later(
                "DELETE FROM %s WHERE %s = ? AND %s = ?".formatted(table.name(), table.org(), rows.column()), tx.org(),
                user.id()));
            table.mention().ifPresent(mention -> tx.later("UPDATE %s SET %s WHERE %s = ? AND %s".formatted(table.name(),
                mention.cleared(), table.org(), mention.condition()), tx.org(), user.id().toString()));
            for (var column : table.shownWith()) {
                tx.later(
                    "UPDATE %s SET version = ? WHERE %s = ? AND %s = ?".formatted(table.name(), table.org(), column),
                    tx.version(), tx.org(), user.id());
            }
        }
    }

    /// All tables.
    List<TenantTable> tables() {
        return tables;
    }

    /// Tables that must have no row of an anonymised user.
    List<TenantTable> endingWithUser() {
        return tables.stream().filter(table -> table.user().filter(TenantTable.UserRows::endWithUser).isPresent())
            .toList();
    }
}
