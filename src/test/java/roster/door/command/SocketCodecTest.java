package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.source.Ids;
import roster.core.reader.PeopleCsv;
import roster.door.command.BulkAnswer.Verdict;
import roster.model.Org;
import roster.model.User;

/// Requests and answers on the socket: what one end writes, the other one of the same version reads, and nothing else.
class SocketCodecTest {
    private static final Org.Id ORG = new Org.Id(new Ids().next());
    private static final PeopleCsv.Row ROW =
        new PeopleCsv.Row("王@y.test", Optional.of("😀 \"quoted\"\n"), Optional.of(""), List.of("a;b", "c"), "yes");

    @Test
    void every_request_is_read_as_it_was_written() throws IOException {
        for (var request : List.of(new SocketRequest.RunCommand(List.of("org", "", "\t"), Optional.empty()),
            new SocketRequest.RunCommand(List.of(), Optional.of("a secret\n")),
            new BulkRequest.FindOrg(Optional.empty()), new BulkRequest.FindOrg(Optional.of("Acme")),
            new BulkRequest.ImportPeople(ORG, true, List.of(ROW, ROW)),
            new BulkRequest.ExportPage(ORG, Optional.empty()),
            new BulkRequest.ExportPage(ORG, Optional.of(new User.Id(new Ids().next()))),
            new BulkRequest.CreateDemoRoles(ORG, false),
            new BulkRequest.CreateDemoPeople(ORG, Long.MIN_VALUE, 7, 500))) {
            assertThat(SocketCodec.request(SocketCodec.bytes(request))).isEqualTo(request);
        }
    }

    @Test
    void every_answer_is_read_as_it_was_written() throws IOException {
        for (var answer : List.of(new Outcome(2, "out\n", ""), new BulkAnswer.Failed("why"), new BulkAnswer.Busy(),
            new BulkAnswer.OrgFound(ORG), new BulkAnswer.RolesReady(), new BulkAnswer.PeopleCreated(3),
            new BulkAnswer.Imported(List.of(Verdict.CREATED, Verdict.EXISTS, Verdict.invalid(List.of("a", "b")))),
            new BulkAnswer.Page(List.of(), Optional.empty(), Optional.empty()),
            new BulkAnswer.Page(List.of(ROW), Optional.of(new User.Id(new Ids().next())), Optional.of(1L << 40)))) {
            assertThat(SocketCodec.answer(SocketCodec.bytes(answer))).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "x", "{\"RunCommand\":{}}", "{\"RunCommand\":null}",
        "{\"RunCommand\":{\"args\":null}}", "{\"RunCommand\":{\"args\":[[1]]}}", "{\"args\":[]}", "{\"Outcome\":{}}",
        "{\"RunCommand\":{\"args\":[]},\"more\":1}", "{\"RunCommand\":{\"args\":[]}} more",
        "{\"RunCommand\":{\"args\":[],\"input\":null,\"more\":1}}", "{\"RunCommand\":{\"args\":[]}}",
        "{\"FindOrg\":{}}", "{\"CreateDemoRoles\":{\"anyway\":true}}"})
    void what_this_version_does_not_know_is_of_another_version(String json) {
        refused(json);
    }

    @Test
    void depth_is_limited() {
        refused("{\"RunCommand\":{\"args\":" + String.join("", Collections.nCopies(100_000, "[")));
    }

    private static void refused(String json) {
        assertThatThrownBy(() -> SocketCodec.request(json.getBytes(StandardCharsets.UTF_8)))
            .isInstanceOf(SocketCodec.NotUnderstood.class).hasMessage("the server is of another version");
    }
}
