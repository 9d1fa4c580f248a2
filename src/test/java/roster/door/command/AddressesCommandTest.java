package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.AddressSamples;
import roster.support.Operator;

/// Addresses at the command line and in files: the forms and the rule that the API has.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddressesCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }

    @Test
    void an_import_refuses_every_slip_and_takes_what_is_an_address() throws IOException {
        var org = operator.newOrg("slips");
        // A spreadsheet's leading apostrophe is none of the cell's.
        var slips = AddressSamples.invalid().filter(slip -> !slip.startsWith("'")).toList();
        var file = Files.writeString(operator.folder().resolve("slips.csv"), "email\n"
            + slips.stream().map(AddressesCommandTest::quoted).collect(Collectors.joining("\n")) + "\n"
            + "ann@ＭÜNCHEN.test\nann@xn--mnchen-3ya.test\n", StandardCharsets.UTF_8);

        assertThat(operator.run("import", file, "--org", org, "--dry-run").out())
            .startsWith("%d rows: 1 would be created, 1 exists, %d invalid".formatted(slips.size() + 2, slips.size()));
        assertThat(operator.run("import", file, "--org", org).exit()).isEqualTo(1);
        assertThat(operator.addresses(org)).containsExactly("ann@münchen.test");
        assertThat(Files.readAllLines(operator.folder().resolve("slips.csv.verdict.csv")).stream()
            .filter(line -> line.contains("invalid: email: Not a valid email address.")).count())
            .isEqualTo(slips.size());
    }

    @Test
    void a_user_is_named_by_any_spelling_of_their_address() {
        var org = operator.newOrg("spellings");
        assertThat(operator.json("user", "create", "Ann@ＭÜNCHEN.test", "--org", org).path("email").asString())
            .isEqualTo("ann@münchen.test");

        assertThat(operator.run("user", "create", "ann@xn--mnchen-3ya.test", "--org", org).err())
            .isEqualTo("roster: User ann@münchen.test already exists\n");
        assertThat(operator.json("user", "list", "--org", org, "--filter", "xn--mnchen-3ya").path("filtered").asInt())
            .isEqualTo(1);
        assertThat(operator.run("user", "disable", "ann@xn--mnchen-3ya.test", "--org", org).exit()).isZero();
    }

    @Test
    void a_slip_is_refused_by_each_command() {
        var org = operator.newOrg("each");
        for (var slip : new String[] {"ann,lee@acme.test", "ann@acme.test;", "mailto:ann@acme.test",
            "ann.@acme.test"}) {
            assertThat(operator.run("user", "create", slip, "--org", org).err())
                .isEqualTo("roster: email: Not a valid email address.\n");
            assertThat(operator.run("org", "create", "slip", "--admin-email", slip).err())
                .isEqualTo("roster: email: Not a valid email address.\n");
        }
        assertThat(operator.addresses(org)).isEmpty();
    }
}
