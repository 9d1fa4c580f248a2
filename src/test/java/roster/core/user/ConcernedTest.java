package roster.core.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Users who are disabled or enabled together are told of only where something follows from it.
class ConcernedTest {
    @Test
    void who_listens_to_disabling_or_enabling_says_whom_that_concerns() {
        var listeners = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("roster.core").stream()
            .filter(type -> type.isAssignableTo(UserLife.class) && !type.isInterface()).toList();
        assertThat(listeners).hasSizeGreaterThan(5);
        for (var listener : listeners) {
            assertThat(has(listener, "concerned")).as(listener.getName())
                .isEqualTo(has(listener, "disabled") || has(listener, "enabled"));
        }
    }

    private static boolean has(JavaClass listener, String method) {
        return listener.getMethods().stream().anyMatch(one -> one.getName().equals(method)
            && one.getRawParameterTypes().size() == 2);
    }
}
