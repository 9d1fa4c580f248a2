package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestRoster;

/// How much one request may ask for: the contract's sections 3 and 8.
@Timeout(60)
class PatchLimitsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    private static String operations(int number) {
        return IntStream.range(0, number)
            .mapToObj(i -> "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"t%d\"}".formatted(i))
            .collect(Collectors.joining(","));
    }

    @Test
    void a_person_takes_10_000_operations_and_not_one_more() {
        var ann = directory.created("{\"userName\":\"ann@acme.test\"}");
        assertThat(ok(directory.patch(ann, operations(10_000)), 200).text("/title")).isEqualTo("t9999");
        assertThat(directory.patch(ann, operations(10_001)).status()).isEqualTo(400);
    }

    @Test
    void unknown_members_are_skipped_however_many() {
        var members =
            IntStream.range(0, 30_000).mapToObj(i -> "\"x%d\":1".formatted(i)).collect(Collectors.joining(","));
        directory.created("{\"userName\":\"ann@acme.test\",%s}".formatted(members));
    }
}
