package roster.core.user;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.TenantTable;
import roster.base.db.Tx;
import roster.core.audit.Erasure;
import roster.core.audit.Mention;
import roster.model.Email;
import roster.model.Org;
import roster.model.User;

/// Searches the whole database for what is left of an anonymised user, without assuming where it may be. What belongs to
/// another user is not theirs, also where it has an address that was theirs once.
public final class LeftoverSearch {
    /// @param tables that were searched
    /// @param places where something was found, and what
    public record Found(int tables, List<String> places) {}

    /// Searched by what its entries say of whom, not by their text.
    private static final String TRAIL = "audit_entries";

    private final Database db;
    private final PersonalRows rows;
    private final Erasure erasure;

    public LeftoverSearch(Database db, PersonalRows rows, Erasure erasure) {
        this.db = db;
        this.rows = rows;
        this.erasure = erasure;
    }

    /// @param owned by another user now: rows that only mention it may be about either
    private record Sought(Org.Id org, User.Id user, Mention address, boolean owned) {}

    /// Searches every table of the database.
    ///
    /// @param address folded; letter case is ignored
    public Found of(Org.Id org, User.Id user, String address) {
        var folded = address.toLowerCase(Locale.ROOT);
        var found = db.readLong(tx -> {
            var places = new ArrayList<String>();
            inUsers(tx, org, user, places);
            var tables = tx.query("""
                SELECT table_name, COALESCE(array_agg(column_name::text) FILTER (WHERE data_type = 'bytea'), '{}') AS binary_columns
                  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
                 GROUP BY table_name ORDER BY table_name
                """).list(row -> table(row.text("table_name"), row.texts("binary_columns")));
            rows.endingWithUser().forEach(table -> rowsOf(tx, org, user, table, places));
            var sought = new Sought(org, user, new Mention(folded), isOwned(tx, org, user, folded));
            tables.stream().filter(table -> !table.name().equals(TRAIL))
                .forEach(table -> mentions(tx, sought, table, places));
            return new Found(tables.size(), places);
        });
        var entries = erasure.left(org, user, folded);
        note(found.places(), entries == 0, "%s: %s with %s".formatted(TRAIL, rows(entries), folded));
        return new Found(found.tables(), List.copyOf(found.places()));
    }

    /// @param known what its feature says of it; none for a table of no organisation
    /// @param binary columns that hold bytes
    private record Table(String name, Optional<TenantTable> known, List<String> binary) {}

    private Table table(String name, List<String> binary) {
        return new Table(name, rows.tables().stream().filter(one -> one.name().equals(name)).findFirst(), binary);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static boolean isOwned(Tx tx, Org.Id org, User.Id user, String address) {
        return tx.query("SELECT 1 FROM users WHERE org_id = ? AND id <> ? AND ? IN (email, handle) LIMIT 1", org, user,
            address).any();
    }

    private static void inUsers(Tx tx, Org.Id org, User.Id user, List<String> places) {
        tx.query("""
            SELECT email, handle, name, title, disabled, email_proved, login_methods FROM users
             WHERE org_id = ? AND id = ?
            """, org, user).list(row -> {
            var expected = Email.anonymous(user.value());
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

    private static String rows(long number) {
        return number == 1 ? "1 row" : number + " rows";
    }

    private static void note(List<String> places, boolean good, String place) {
        if (!good) {
            places.add(place);
        }
    }

    private static void rowsOf(Tx tx, Org.Id org, User.Id user, TenantTable table, List<String> places) {
        var number = tx.query("SELECT count(*) AS n FROM %s WHERE %s = ? AND %s = ?".formatted(table.name(),
            table.org(), table.user().orElseThrow().column()), org, user).one(row -> row.number("n"));
        note(places, number == 0, "%s: %s of theirs".formatted(table.name(), rows(number)));
        table.mention().ifPresent(mention -> {
            var telling =
                tx.query("SELECT count(*) AS n FROM %s WHERE %s = ? AND %s".formatted(table.name(), table.org(),
                    mention.condition()), org, user.value().toString()).one(row -> row.number("n"));
            note(places, telling == 0, "%s: %s of them".formatted(table.name(),
                telling == 1 ? "1 row that tells" : telling + " rows that tell"));
        });
    }

    /// Also in columns of bytes. Of rows that belong to another user, their personal columns are that user's; a row without
    /// an owner counts unless another user has the address now.
    private static void mentions(Tx tx, Sought sought, Table table, List<String> places) {
        var owner = table.known().filter(known -> known.mention().isEmpty()).flatMap(TenantTable::user)
            .map(TenantTable.UserRows::column);
        if (owner.isEmpty() && sought.owned()) {
            return;
        }
        var personal =
            "'{%s}'::text[]".formatted(String.join(",", table.known().map(TenantTable::personal).orElse(List.of())));
        var others = owner.map("t.%s <> ?"::formatted).orElse("false");
        var sql = new StringBuilder("""
            SELECT count(*) AS n FROM (
                   SELECT lower(concat_ws(' ', (SELECT string_agg(column_value, ' ')
                          FROM jsonb_each_text(to_jsonb(t) - CASE WHEN %s THEN %s ELSE '{}'::text[] END)
                               AS c (name, column_value))%s)) AS told
                     FROM %s t%s) rows
             WHERE strpos(rows.told, ?) > 0 AND rows.told ~ ?
            """);
        var values = new ArrayList<Object>();
        owner.ifPresent(column -> values.add(sought.user()));
        var bytes = new StringBuilder();
        table.binary().forEach(column -> bytes.append(", encode(t.%s, 'escape')".formatted(quoted(column))));
        var ofOrg = table.known().map(known -> " WHERE t.%s = ?".formatted(known.org()));
        ofOrg.ifPresent(where -> values.add(sought.org()));
        values.add(sought.address().address());
        values.add(sought.address().regex());
        var number = tx.query(sql.toString().formatted(others, personal, bytes, quoted(table.name()), ofOrg.orElse("")),
            values.toArray()).one(row -> row.number("n"));
        note(places, number == 0, "%s: %s with %s".formatted(table.name(), rows(number), sought.address().address()));
    }
}
