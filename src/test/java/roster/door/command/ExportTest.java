package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.support.Await;
import roster.support.Operator;

/// `roster export`: the people of an organisation, in the form that `roster import` takes.
class ExportTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static void newRole(String org, String name) {
        Await.write(operator.server().roster.kernel().db(),
            Caller.cli(new Org.Id(Id.parse(org).orElseThrow()), "test", "a request"),
            tx -> operator.server().roster.role.roles.create(tx, name, List.of(), true, List.of()));
    }

    @Test
    void what_was_exported_can_be_imported_as_it_was() throws IOException {
        var one = operator.newOrg("one");
        var other = operator.newOrg("other");
        for (var org : List.of(one, other)) {
            newRole(org, "a;b\\c");
            newRole(org, "=role");
        }
        var titles =
            List.of("=SUM(A1)", "+1", "-1", "@x", "\tx", "'=x", "''@x", "'x", "x", "a,b", "a\"b", "a\nb", " x ",
                "", "'", "''", "a;b", "=a;b");
        var people = new ArrayList<String>();
        for (int i = 0; i < titles.size(); i++) {
            operator.json("user", "create", "+p%d@acme.test".formatted(i), "--org", one, "--title", titles.get(i),
                "--role", "a;b\\c", "--role", "=role");
            people.add("+p%d@acme.test|%s".formatted(i, titles.get(i)));
        }
        operator.json("user", "create", "gone@acme.test", "--org", one);
        operator.run("user", "disable", "gone@acme.test", "--org", one);

        var file = operator.folder().resolve("people.csv");
        var part = Files.writeString(operator.folder().resolve("people.csv.part"), "of an export that was killed");
        var ran = operator.run("export", "--org", one, file);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Exporting users: 19 of 19, ").endsWith("19 users written\n");
        assertThat(part).doesNotExist();
        assertThat(Files.readString(file)).startsWith("email,name,title,roles,invite\r\n")
            .contains("'+p0@acme.test,,'=SUM(A1),'=role;a\\;b\\\\c,no\r\n", ",''=x,", ",'''@x,")
            .doesNotContain("gone@");

        assertThat(operator.run("import", file, "--org", other).out()).startsWith(
            "19 rows: 18 created, 1 exists, 0 invalid");
        assertThat(operator.column("""
            SELECT email || '|' || title AS it FROM users WHERE org_id = ? AND title IS NOT NULL
            """, other)).containsExactlyInAnyOrderElementsOf(people);
        assertThat(operator.run("export", "--org", other).out().lines().sorted().toList())
            .isEqualTo(operator.run("export", "--org", one).out().lines().sorted().toList());
    }

    /// No name and an empty one are different things to the API.
    @Test
    void an_empty_name_stays_empty_and_none_stays_none() throws IOException {
        var one = operator.newOrg("names");
        var other = operator.newOrg("other names");
        operator.json("user", "create", "none@acme.test", "--org", one);
        operator.json("user", "create", "empty@acme.test", "--org", one, "--name", "", "--title", "");
        operator.json("user", "create", "mark@acme.test", "--org", one, "--name", "'", "--title", "''");

        var file = operator.folder().resolve("names.csv");
        operator.run("export", "--org", one, file);
        assertThat(Files.readAllLines(file)).contains("none@acme.test,,,,no", "empty@acme.test,',',,no",
            "mark@acme.test,'',''',,no");
        assertThat(operator.run("import", file, "--org", other).exit()).isZero();

        for (var org : List.of(one, other)) {
            assertThat(operator.column("""
                SELECT email || '|' || COALESCE(name, 'null') || '|' || COALESCE(title, 'null') AS it FROM users
                 WHERE org_id = ? AND email <> 'ada@acme.test' ORDER BY email""", org))
                .containsExactly("empty@acme.test||", "mark@acme.test|'|''", "none@acme.test|null|null");
        }
    }

    @Test
    void more_people_than_a_page_are_written_to_standard_output() throws IOException {
        var org = operator.newOrg("many");
        var file = Files.writeString(operator.folder().resolve("many.csv"), "email\n" + IntStream.range(0, 2500)
            .mapToObj("p%d@acme.test\n"::formatted).collect(Collectors.joining()), StandardCharsets.UTF_8);
        operator.run("import", file, "--org", org);

        var ran = operator.run("export", "--org", org);
        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines()).hasSize(2502).doesNotHaveDuplicates();
        assertThat(ran.err()).endsWith("2,501 users written\n");
    }

    @Test
    void a_file_that_is_there_stays() throws IOException {
        var org = operator.newOrg("there");
        var file = Files.writeString(operator.folder().resolve("there.csv"), "mine");
        assertThat(operator.run("export", "--org", org, file))
            .isEqualTo(new Operator.Ran(1, "", "roster: %s is there already\n".formatted(file)));
        assertThat(file).hasContent("mine");
        assertThat(operator.run("export", "--org", org, operator.folder().resolve("no/where.csv")).err())
            .startsWith("roster: there is no folder ");
    }
}
