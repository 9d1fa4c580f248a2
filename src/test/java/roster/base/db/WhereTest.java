package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhereTest {
    @Test
    void an_absent_filter_is_not_in_the_statement() {
        var where = Where.of("k.org_id = ?", 7).andIf(Optional.empty(), "k.category = ?")
            .andIf(Optional.of("a"), "(k.name = ? OR k.title = ?)").and("k.id > ?", 9);

        assertThat(where.sql()).isEqualToNormalizingWhitespace(
            "WHERE k.org_id = ? AND (k.name = ? OR k.title = ?) AND k.id > ?");
        assertThat(where.values()).isEqualTo(List.of(7, "a", "a", 9));
    }

    @Test
    void each_column_of_an_order_has_the_direction() {
        assertThat(Listing.order(false, "k.name", "k.id")).isEqualTo("k.name, k.id");
        assertThat(Listing.order(true, "k.name", "k.id")).isEqualTo("k.name DESC, k.id DESC");
    }

    @Test
    void an_insert_is_copied_into_the_same_columns() {
        var insert = Insert.<String>of("""
            INSERT INTO things (org_id, id, before)
            VALUES (?, ?, ?::jsonb)
            """, (tx, thing) -> List.of(1, thing, "{}"));

        assertThat(insert.copySql()).isEqualTo("COPY things (org_id, id, before) FROM STDIN");
        assertThat(insert.values(null, "a")).isEqualTo(List.of(1, "a", "{}"));
    }

    @Test
    void an_insert_of_another_form_is_refused() {
        assertThatThrownBy(() -> Insert.of("INSERT INTO t (a) SELECT ?", (tx, row) -> List.of(1)))
            .hasMessageContaining("not a plain INSERT");
        assertThatThrownBy(() -> Insert.of("INSERT INTO t (a, b) VALUES (?)", (tx, row) -> List.of(1)))
            .hasMessageContaining("2 columns and 1 values");
        assertThatThrownBy(() -> Insert.of("INSERT INTO t (a, b) VALUES (?, ?)", (tx, row) -> List.of(1))
            .values(null, "row")).hasMessageContaining("1 values for 2 columns");
    }
}
