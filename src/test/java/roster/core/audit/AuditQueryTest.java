package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.core.audit.AuditQuery.Fault;
import roster.core.audit.AuditQuery.Unreadable;

/// What is no query says what is wrong with it, and at which character.
class AuditQueryTest {
    private static Unreadable refused(String text) {
        return catchThrowableOfType(Unreadable.class, () -> AuditQuery.parse(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'a) b' | STRAY_PARENTHESIS | 1", "'(a OR b' | MISSING_PARENTHESIS | 7",
        "'@action:(created OR deleted' | MISSING_PARENTHESIS | 27", "'a \"b' | MISSING_QUOTE | 2",
        "'x @action' | NO_VALUE_OF_PATH | 2", "'@a b:c' | NO_VALUE_OF_PATH | 0", "'@:x' | NO_VALUE_OF_PATH | 0",
        "'@action:(created deleted)' | NO_OR | 17", "'OR a' | OPERATOR_ALONE | 0", "'a AND AND b' | OPERATOR_ALONE | 6",
        "'a OR' | MISSING_VALUE | 4", "'@action:' | MISSING_VALUE | 8", "'a (' | MISSING_VALUE | 3",
        "'a *b' | UNSUPPORTED | 2", "'@x:>5' | UNSUPPORTED | 3", "'a b?' | UNSUPPORTED | 2"})
    void a_fault_is_at_a_character(String text, Fault fault, int at) {
        assertThat(refused(text)).as(text).isNotNull().extracting(Unreadable::fault, Unreadable::at)
            .containsExactly(fault, at);
    }

    @Test
    void what_is_too_much_is_a_fault_too() {
        assertThat(refused("x".repeat(4097)).fault()).isEqualTo(Fault.TOO_LONG);
        assertThat(refused("x ".repeat(31)).fault()).isEqualTo(Fault.TOO_MANY_WORDS);
        assertThat(refused("x ".repeat(31)).at()).isEqualTo(60);
        assertThat(refused("(".repeat(40)).fault()).isEqualTo(Fault.TOO_DEEP);
    }
}
