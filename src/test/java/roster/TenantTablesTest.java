package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.TenantTable;
import roster.support.TestRoster;

/// What features say of their tables, against what the database has: anonymising and other walks through all tables are
/// complete only if this holds.
class TenantTablesTest {
    /// Not of an organisation: the installation's own, and the schema's history.
    private static final Set<String> NO_TENANT = Set.of("installation", "flyway_schema_history");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<TenantTable> tables() {
        return roster.program().features().stream().flatMap(feature -> feature.tables().stream()).toList();
    }

    private static Set<String> found(String sql, Object... values) {
        return roster.sql(sql, values).stream().map(row -> (String) row.getFirst())
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> columns(String table) {
        return found("SELECT column_name::text FROM information_schema.columns "
            + "WHERE table_schema = 'public' AND table_name = ?", table);
    }

    @Test
    void every_table_is_named_by_one_feature() {
        var exist = found("SELECT table_name::text FROM information_schema.tables "
            + "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'");
        exist.removeAll(NO_TENANT);
        assertThat(tables()).extracting(TenantTable::name).doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(exist);
    }

    @Test
    void columns_that_are_named_exist() {
        for (var table : tables()) {
            var columns = columns(table.name());
            assertThat(columns).as(table.name()).contains(table.org(), table.distributedBy())
                .containsAll(table.personal());
            table.user().ifPresent(rows -> assertThat(columns).as(table.name()).contains(rows.column()));
            assertThat(columns.contains("version")).as("%s has a version", table.name()).isEqualTo(table.versioned());
        }
    }

    @Test
    void versioned_tables_are_read_by_organisation_and_version() {
        for (var table : tables()) {
            if (table.versioned() && !table.name().equals("orgs")) {
                assertThat(found("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ?",
                    table.name())).as(table.name()).anyMatch(index -> index.contains("(org_id, version"));
            }
        }
    }

    /// What else may hold a user: a foreign key on users, or a column called after them.
    @Test
    void tables_with_rows_of_users_say_so() {
        var own = tables().stream().filter(table -> table.user().isPresent()).map(TenantTable::name).toList();
        assertThat(own).containsAll(found("SELECT table_name::text FROM information_schema.columns "
            + "WHERE table_schema = 'public' AND column_name = 'user_id'"));
    }
}
