package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Conformance;
import roster.support.TestRoster;

/// Plays recordings of the live API against Roster: those whose operations are all served. What is not played yet, and
/// why, stands in `docs/conformance.md`.
class RecordingsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String USUAL = "../shared/recordings";

    /// `-Drecordings=folder` plays others.
    private static final Path FOLDER = Path.of(System.getProperty("recordings", USUAL));

    private static final boolean THE_USUAL = FOLDER.equals(Path.of(USUAL));

    @TestFactory
    Stream<DynamicTest> recordings() {
        if (!THE_USUAL || !Files.isDirectory(FOLDER)) {
            Conformance.leave(); // the page tells of the usual ones
        }
        if (!Files.isDirectory(FOLDER)) {
            System.out.println("No recordings are played: there is no folder " + FOLDER);
        }
        assumeTrue(Files.isDirectory(FOLDER), "no recordings");
        return tests(Recording.all(FOLDER));
    }

    private static Stream<DynamicTest> tests(List<Recording> recordings) {
        return recordings.stream().flatMap(recording -> {
            var missing = Replay.missing(recording, roster.node().routes);
            missing.ifPresent(operation -> note(recording, "not yet: " + operation));
            return missing.isPresent() ? Stream.empty()
                : Stream.of(DynamicTest.dynamicTest(recording.name(), () -> play(recording)));
        });
    }

    private static void play(Recording recording) {
        var org = roster.newOrg("recorded");
        org.newPending("pending@recorded.test");
        org.newStandard("standard@recorded.test");
        var difference = new Replay(org).play(recording);
        note(recording, difference.map(found -> "differs at " + found).orElse("pass"));
        assertThat(difference).as("first difference").isEmpty();
    }

    private static void note(Recording recording, String outcome) {
        if (THE_USUAL) {
            Conformance.played(recording.name(), outcome);
        }
    }
}
