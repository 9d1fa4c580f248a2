package roster.core.preference;

import java.time.ZoneId;
import java.util.Locale;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.preference.Preference.Density;
import roster.core.preference.Preference.Theme;
import roster.model.Caller;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.User;

/// What users prefer: the SQL of the `console_preferences` table. Its rows have no version, and are never cached.
public final class Preferences {
    private final Database db;

    public Preferences(Database db) {
        this.db = db;
    }

    /// The user who asks, and how they want to see pages.
    ///
    /// @throws Refused with [BadKeys] if they are gone
    public Viewer viewer(Tx tx, Caller caller) {
        return tx.query("""
            SELECT o.name AS org_name, u.id, u.email, u.name, c.value #>> '{}' AS org_zone,
                   COALESCE(f.value = 'true'::jsonb, false) AS watched,
                   p.theme, p.density, p.page_rows, p.zone, p.keys
              FROM users u
              JOIN orgs o ON o.id = u.org_id
              LEFT JOIN org_configs c ON c.org_id = u.org_id AND c.name = 'monitor_timezone'
              LEFT JOIN org_configs f ON f.org_id = u.org_id AND f.name = 'invalid_session_forced_logout'
              LEFT JOIN console_preferences p ON p.org_id = u.org_id AND p.user_id = u.id
             WHERE u.org_id = ? AND u.id = ?
            """, caller.org(), caller.user().orElseThrow()).optional(Preferences::viewer)
            .orElseThrow(() -> new Refused(new BadKeys()));
    }

    private static Viewer viewer(Row row) {
        var preference = row.optionalText("theme").map(theme -> new Preference(Theme.valueOf(upper(theme)),
            Density.valueOf(upper(row.text("density"))), row.integer("page_rows"),
            row.optionalText("zone").map(ZoneId::of), row.bool("keys"))).orElse(Preference.INITIAL);
        return new Viewer(row.text("org_name"), new User.Id(row.uuid("id")), row.text("email"),
            row.optionalText("name"), preference,
            preference.zone().orElseGet(() -> row.optionalText("org_zone").map(ZoneId::of).orElse(ZoneId.of("UTC"))),
            row.bool("watched"));
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /// Stores what the caller prefers.
    ///
    /// @throws Refused with [Invalid] for another number of rows than there is
    public void set(Caller caller, Preference preference) {
        if (!Preference.ROWS.contains(preference.rows())) {
            throw new Refused(new Invalid("rows", "Must be 25, 50 or 100."));
        }
        db.note(tx -> tx.update("""
            INSERT INTO console_preferences (org_id, user_id, theme, density, page_rows, zone, keys)
            SELECT u.org_id, u.id, ?, ?, ?, ?, ? FROM users u WHERE u.org_id = ? AND u.id = ? AND NOT u.disabled
            ON CONFLICT (org_id, user_id) DO UPDATE
               SET theme = excluded.theme, density = excluded.density, page_rows = excluded.page_rows,
                   zone = excluded.zone, keys = excluded.keys
            """, preference.theme().text(), preference.density().text(), preference.rows(),
            preference.zone().map(ZoneId::getId), preference.keys(), caller.org(), caller.user().orElseThrow()));
    }
}
