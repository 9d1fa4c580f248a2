package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// Many rows go to PostgreSQL by `COPY`, which takes the connection to itself.
class CopyTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<Integer> MANY = IntStream.range(0, 100).boxed().toList();

    private static final String SQL = "INSERT INTO gone (org_id, version, kind, id) VALUES (?, ?, ?, ?)";

    @Test
    void a_statement_while_rows_are_copied_is_refused_and_changes_nothing() {
        var org = roster.newOrg("copies");
        var before = org.version();
        var asking = Insert.<Integer>of(SQL, (tx, row) -> {
            tx.query("SELECT ?::int AS n", row).one(found -> found.number("n"));
            return List.of(tx.org(), tx.version(), "test", tx.newId());
        });
        assertThatThrownBy(() -> org.write(tx -> {
            tx.insertAll(asking, MANY);
            return null;
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("while rows are copied");
        assertThat(org.version()).isEqualTo(before);

        var plain = Insert.<Integer>of(SQL, (tx, _) -> List.of(tx.org(), tx.version(), "test", tx.newId()));
        org.write(tx -> {
            tx.insertAll(plain, MANY);
            long copied = tx.query("SELECT count(*) AS n FROM gone WHERE org_id = ? AND kind = 'test'", tx.org())
                .one(row -> row.number("n"));
            assertThat(copied).isEqualTo(100);
            return null;
        });
    }
}
