package roster.core.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.User;

/// Searches the whole database for what is left of an anonymised user, without assuming where it may be.
public final class LeftoverSearch {
    /// @param tables that were searched
    /// @param places where something was found, and what
    public record Found(int tables, List<String> places) {}

    private final Database db;
    private final PersonalRows rows;

    public LeftoverSearch(Database db, PersonalRows rows) {
        this.db = db;
        this.rows = rows;
    }

    /// Searches every table of the database.
    ///
    /// @param address folded; letter case is ignored
    public Found of(Org.Id org, User.Id user, String address) {
        return db.readLong(tx -> {
            var places = new ArrayList<String>();
            inUsers(tx, org, user, places);
            var tables = tx.query("""
                SELECT table_name, count(*) FILTER (WHERE column_name = 'org_id') > 0 AS of_orgs
                  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
                 GROUP BY table_name ORDER BY table_name
                """).list(row -> new Table(row.text("table_name"), row.bool("of_orgs")));
            rows.endingWithUser().forEach(table -> rowsOf(tx, org, user, table, places));
            tables.forEach(table -> mentions(tx, org, address, table, places));
            return new Found(tables.size(), List.copyOf(places));
        });
    }

    private record Table(String name, boolean ofOrgs) {
        /// The name, safe to stand in a statement.
        private String quoted() {
            return '"' + name.replace("\"", "\"\"") + '"';
        }
    }

    private static void inUsers(Tx tx, Org.Id org, User.Id user, List<String> places) {
        tx.query("""
            SELECT email, handle, name, title, disabled, email_proved, login_methods FROM users
             WHERE org_id = ? AND id = ?
            """, org, user).list(row -> {
            var expected = Anonymisation.address(user);
            note(places, row.text("email").equals(expected), "users: their e-mail address");
            note(places, row.text("handle").equals(expected), "users: their handle");
            note(places, row.optionalText("name").isEmpty(), "users: their name");
            note(places, row.optionalText("title").isEmpty(), "users: their title");
            note(places, row.texts("login_methods").isEmpty(), "users: their login methods");
            note(places, !row.bool("email_proved"), "users: an address counts as proved");
            note(places, row.bool("disabled"), "users: the user is not disabled");
            return true;
        });
    }

    private static void note(List<String> places, boolean good, String place) {
        if (!good) {
            places.add(place);
        }
    }

    private static void rowsOf(Tx tx, Org.Id org, User.Id user, TenantTable table, List<String> places) {
        var number = tx.query("SELECT count(*) AS n FROM %s WHERE %s = ? AND %s = ?".formatted(table.name(),
            table.org(), table.user().orElseThrow().column()), org, user).one(row -> row.number("n"));
        note(places, number == 0, "%s: %d rows of theirs".formatted(table.name(), number));
    }

    /// Also as bytes, in hexadecimal, which is how a row's text shows them.
    private static void mentions(Tx tx, Org.Id org, String address, Table table, List<String> places) {
        var sql = """
            SELECT count(*) AS n FROM %s t
             WHERE %s (strpos(lower(t::text), ?) > 0 OR strpos(t::text, encode(convert_to(?, 'UTF8'), 'hex')) > 0)
            """.formatted(table.quoted(), table.ofOrgs() ? "t.org_id = ? AND" : "");
        var folded = address.toLowerCase(Locale.ROOT);
        var rows = (table.ofOrgs() ? tx.query(sql, org, folded, folded) : tx.query(sql, folded, folded))
            .one(row -> row.number("n"));
        note(places, rows == 0, "%s: %d rows with %s".formatted(table.name(), rows, address));
    }
}
