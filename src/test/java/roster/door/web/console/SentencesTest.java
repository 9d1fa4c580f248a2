package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.Users;
import roster.support.TestRoster;

/// The latest changes, in sentences.
@Timeout(60)
class SentencesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Words with a dot that are no events: names of settings, of columns and of claims.
    private static final Pattern ACTION = Pattern.compile(
        "\"((?:user|role|api_key|application_key|access_token|invitation|org|org_config|ip_allowlist|domain_allowlist"
            + "|saml_configuration|identity_provider|authn_mapping|identity|session|password|second_factor|recovery_codes"
            + "|sign_in|sign_in_link|user_list)\\.[a-z_]+)\"");

    @Test
    void every_kind_of_event_has_a_sentence() throws IOException {
        var actions = new TreeSet<String>();
        try (var files = Files.walk(Path.of("src/main/java/roster/core"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                try {
                    ACTION.matcher(Files.readString(file)).results().forEach(found -> actions.add(found.group(1)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        actions.removeAll(Set.of("role.name", "org.uuid"));
        assertThat(actions).hasSizeGreaterThan(50).allMatch(Sentences::knows);
    }

    @Test
    void the_overview_tells_the_latest_changes() {
        var org = new ConsoleOrg(roster);
        var other = org.org.newPending("kwame@northwind.example");
        var founder = org.admin;
        founder.patch("/api/v2/users/" + other.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}""".formatted(other.id()));
        var role = org.org.newRole("Night watch", List.of("dashboards_read"));
        org.org.write(tx -> {
            roster.program().user.members.add(tx, roster.program().role.roles.named(tx, tx.org(), role.toString()),
                roster.program().user.users.find(tx, tx.org(), org.person).orElseThrow());
            return null;
        });
        org.org.write(tx -> roster.program().user.users.update(tx, org.hard.toString(), new Users.Edit(
            Optional.of("Wide"), Optional.empty(), Optional.empty(), Optional.empty())));
        var page = org.caller("admin").page("/console/").text().replaceAll("<[^>]*>", "").replaceAll("\\s+", " ");
        assertThat(page).contains("Recent changes", "disabled kwame@northwind.example",
            "gave Marta Fernández Ruiz the role Night watch", "created the role Night watch", "changed name of Wide",
            "operator test");
        assertThat(org.caller("support").page("/console/").text()).doesNotContain("Recent changes");
    }
}
