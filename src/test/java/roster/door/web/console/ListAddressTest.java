package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.base.http.Query;

/// One list has one address.
class ListAddressTest {
    private static final List<String> ORDER = List.of("q", "status", "sort");

    private static ListAddress of(String query) {
        return ListAddress.of("/console/people", ORDER, Query.of(query));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"status=a&q=m /console/people?q=m&status=a", "q=&status= /console/people",
        "status=a&status=b /console/people?status=a%2Cb", "x=1&q=%26+%C3%A4 /console/people?q=%26+%C3%A4",
        "after=p&q=m /console/people?q=m&after=p"})
    void parameters_stand_in_one_order_and_empty_and_unknown_ones_are_left_out(String query, String text) {
        assertThat(of(query).text()).isEqualTo(text);
        assertThat(of(text.substring(text.indexOf('?') + 1)).text()).isEqualTo(text);
    }

    @Test
    void what_changes_the_list_begins_it_anew() {
        var here = of("q=m&after=p");
        assertThat(here.with("q", "n").text()).isEqualTo("/console/people?q=n");
        assertThat(here.without("q").text()).isEqualTo("/console/people");
        assertThat(here.at(ListAddress.BEFORE, "r").text()).isEqualTo("/console/people?q=m&before=r");
        assertThat(here.begun().text()).isEqualTo("/console/people?q=m");
    }

    @Test
    void another_spelling_is_told_apart() {
        assertThat(of("q=m&status=a").isOf(Query.of("q=m&status=a"))).isTrue();
        assertThat(of("q=m&status=a").isOf(Query.of("status=a&q=m"))).isFalse();
        assertThat(of("q=m").isOf(Query.of("q=m&x=1"))).isFalse();
        assertThat(of("q=m").isOf(Query.of("q=m&q=m"))).isFalse();
        assertThat(of("q=a b").isOf(Query.of("q=a%20b"))).isTrue();
    }

    @Test
    void a_path_of_another_order_names_each_parameter_once() {
        assertThat(ListAddress.of("/x", List.of("after", "q"), Query.of("after=a&q=b")).text())
            .isEqualTo("/x?after=a&q=b");
    }
}
