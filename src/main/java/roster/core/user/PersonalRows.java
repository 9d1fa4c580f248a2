package roster.core.user;

import java.util.ArrayList;
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

    /// Removes what the tables still say about a user: rows of theirs that should end with them, rows that mention them, and
    /// addresses.
    ///
    /// @param addresses that the user had
    /// @param replacement the address they have from now on
    void forget(WriteTx tx, User user, List<String> addresses, String replacement) {
        var parts = new ArrayList<>(addresses);
        parts.add(user.id().toString());
        for (var table : tables) {
            table.user().filter(TenantTable.UserRows::endWithUser).ifPresent(rows -> tx.later(
                "DELETE FROM %s WHERE %s = ? AND %s = ?".formatted(table.name(), table.org(), rows.column()), tx.org(),
                user.id()));
            table.mention().ifPresent(condition -> tx.later("""
                DELETE FROM %s
                 WHERE %s = ? AND EXISTS (SELECT 1 FROM unnest(?::text[]) AS mentioned (part) WHERE %s)
                """.formatted(table.name(), table.org(), condition), tx.org(), parts));
            for (var column : table.addresses()) {
                tx.later("UPDATE %1$s SET %2$s = ?, version = ? WHERE %3$s = ? AND %2$s = ANY (?::text[])"
                    .formatted(table.name(), column, table.org()), replacement, tx.version(), tx.org(), addresses);
            }
        }
    }

    /// Tables that must have no row of an anonymised user.
    List<TenantTable> endingWithUser() {
        return tables.stream().filter(table -> table.user().filter(TenantTable.UserRows::endWithUser).isPresent())
            .toList();
    }
}
