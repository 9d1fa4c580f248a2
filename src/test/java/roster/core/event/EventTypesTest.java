package roster.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.door.web.console.Sentences;

/// The catalogue has every kind of entry of the trail.
@Timeout(10)
class EventTypesTest {
    @Test
    void every_kind_of_entry_is_a_type_or_no_event() {
        var types = EventTypes.listed().stream().map(EventType::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(types).doesNotContainAnyElementsOf(EventTypes.NO_EVENTS).allMatch(name -> name.matches("[a-z_.]+"));
        types.addAll(EventTypes.NO_EVENTS);
        assertThat(types).isEqualTo(new TreeSet<>(Sentences.kinds()));
    }

    @Test
    void each_type_is_described_in_a_sentence() {
        assertThat(EventTypes.listed()).allMatch(type -> type.description().matches("[A-Z].*[.]"));
    }

    @Test
    void patterns_name_one_some_or_all() {
        assertThat(EventTypes.matching("user.created")).extracting(EventType::name).containsExactly("user.created");
        assertThat(EventTypes.matching("api_key.*")).extracting(EventType::name).containsExactly("api_key.accessed",
            "api_key.issued", "api_key.revoked", "api_key.updated");
        assertThat(EventTypes.matching("*")).isEqualTo(EventTypes.listed());
        assertThat(EventTypes.matching("user")).isEmpty();
        assertThat(EventTypes.matching("usr.*")).isEmpty();
        assertThat(EventTypes.nearest("user.create")).isEqualTo("user.created");
    }
}
