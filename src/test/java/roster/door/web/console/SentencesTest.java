package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.html.Site;
import roster.base.json.Json;
import roster.core.audit.Topic;
import roster.core.audit.TrailEntry;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.support.TestRoster;

/// Every kind of entry of the audit trail has a sentence: without one it would be told by its technical name.
@Timeout(60)
class SentencesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Pattern KIND = Pattern.compile("\"([a-z_]{2,}[.][a-z_]+)\"");

    /// Texts of that form in core that are no kinds of entries.
    private static final Set<String> OTHERS = Set.of("asset.id", "asset.name", "asset.type", "evt.name", "gmail.com",
        "org.uuid", "role.name", "saml_assertion_attribute.attribute_key", "saml_assertion_attribute.attribute_value",
        "usr.email", "usr.id", "usr.uuid", "members.value", "meta.created",
        "emails.value", "groups.value", "name.formatted", "roles.value");

    /// Kinds that are put together, or written by SQL.
    private static final Set<String> UNWRITTEN = Set.of("invitation.bounced", "org.touched");

    @Test
    void every_kind_of_entry_has_a_sentence_and_no_sentence_is_left_over() throws IOException {
        var kinds = new TreeSet<>(UNWRITTEN);
        try (var files = Files.walk(Path.of("src/main/java/roster/core"))) {
            files.filter(path -> path.toString().endsWith(".java")).forEach(path -> KIND.matcher(text(path)).results()
                .map(found -> found.group(1)).filter(kind -> !OTHERS.contains(kind)).forEach(kinds::add));
        }

        assertThat(kinds).hasSizeGreaterThan(50).isEqualTo(new TreeSet<>(Sentences.kinds()));
    }

    private static TrailEntry entry(String action) {
        var user = Optional.of(new TrailEntry.Named(new UUID(7, 7), Optional.of("Ann Lee"), "ann@acme.test", false));
        var facts = Json.parse("""
            {"count": 3, "method": "saml", "reason": "wrong_code", "why": "mended", "name": "x", "roles": [],
             "permissions": ["a"]}""".getBytes(StandardCharsets.UTF_8));
        return new TrailEntry(1, 1, Instant.EPOCH, action, "thing", new UUID(1, 1), "name", user, Optional.empty(),
            "cli:lena", TrailEntry.Way.COMMAND_LINE, Optional.empty(), Optional.empty(), "request", Json.parse("{}"
                .getBytes(StandardCharsets.UTF_8)),
            facts);
    }

    @Test
    void each_sentence_is_in_plain_words_for_one_and_for_several() {
        var visitor = new Caller(Caller.Kind.USER, new Org.Id(new UUID(2, 2)), Optional.empty(), "ann",
            Caller.Credentials.NONE, Set.of(), 0, 0, List.of(), "request", Optional.empty());
        var sentences = new Sentences(new Link(roster.node().routes, new Site(roster.program().kernel().publicUrl()),
            visitor), Optional.empty());
        for (var kind : Sentences.kinds()) {
            for (var number : List.of(1L, 120L)) {
                assertThat(sentences.did(entry(kind), Map.of(kind, number)).text()).as(kind)
                    .matches("[a-z].*[^ ]").doesNotContain("{", "_", kind, "  ");
            }
            assertThat(Topic.of(kind)).as(kind).isPresent();
        }
        assertThat(sentences.actor(entry("role.created")).text()).isEqualTo("operator lena");
        assertThat(sentences.did(entry("user.created"), Map.of("user.created", 120L, "invitation.sent", 120L)).text())
            .isEqualTo("added 120 people and invited them");
        assertThat(sentences.did(entry("audit_trail.exported"), Map.of()).text())
            .isEqualTo("exported 3 entries of the audit trail");
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
