package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.support.Await;
import roster.support.TestRoster;

/// A trail that more than one secret sealed. With a database of its own: afterwards it is another secret's.
class TrailSecretTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BOOTSTRAP_ORG", "secrets"));

    @Test
    void entries_are_sealed_with_the_newest_secret_and_good_as_long_as_theirs_is_kept() {
        var org = roster.newOrg("acme");
        var newer =
            Base64.getEncoder().encodeToString("a newer secret key of 32 bytes!!".getBytes(StandardCharsets.UTF_8));
        try (var node = roster.anotherNode(Map.of("ROSTER_SECRET_KEY", newer + "," + TestRoster.SECRET_KEY))) {
            Await.write(node.roster.kernel().db(), Caller.cli(org.id(), "test", new Ids().next().toString()),
                tx -> node.roster.user.newUsers.create(tx,
                    "late@acme.test", Optional.empty(), Optional.empty(), List.of()));

            assertThat(node.roster.audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
            assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).singleElement()
                .asString()
                .contains("user.created of late@acme.test");
        }
    }
}
