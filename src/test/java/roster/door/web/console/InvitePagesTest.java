package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Inviting: what is pasted, checked, and sent.
@Timeout(120)
class InvitePagesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String LINES = """
        Ann Lee <ann.lee@contoso.example>
        Okafor, Chidi <chidi.okafor@contoso.example>
        Marta Kowalczyk <m.kowalczyk@contoso.example>
        priya@northwind.example
        kwame@northwind.example
        joão.silva@contoso,example
        ANN.LEE@contoso.example
        Yuki Tanabe <yuki@contoso.example> Suport
        sofia.lindqvist@contoso.example
        """;

    private static ConsoleUser founder(TestOrg org) {
        return ConsoleUser.of(org.founder());
    }

    private static TestOrg northwind() {
        var org = roster.newOrg("northwind");
        org.newRole("Support", List.of());
        org.newUser("priya@northwind.example");
        var kwame = org.newUser("kwame@northwind.example");
        org.founder().delete("/api/v2/users/" + kwame.id());
        var marta = org.newPending("m.kowalczyk@contoso.example");
        org.write(tx -> roster.program().invitation.invitations.send(tx, List.of(marta.id().toString())));
        return org;
    }

    private static List<Map.Entry<String, String>> fields(String who, Role.Id... roles) {
        var fields = new ArrayList<Map.Entry<String, String>>();
        fields.add(Map.entry("who", who));
        fields.add(Map.entry("send", "yes"));
        for (var role : roles) {
            fields.add(Map.entry("role", role.toString()));
        }
        return fields;
    }

    private static Role.Id support(TestOrg org) {
        return Await.read(roster.db(), tx -> roster.program().role.roles.withName(tx, org.id(), "Support"))
            .orElseThrow().id();
    }

    @Test
    void lines_are_checked_and_nothing_is_written() {
        var org = northwind();
        var user = founder(org);
        var version = org.version();
        var answer = user.upload("/console/invite/check", fields(LINES, support(org)), new byte[0]);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(303);

        var page = user.follow(answer);

        var text = ConsoleUser.read(page);
        assertThat(text).contains("Check before inviting", "9 lines read. Nothing has been sent.",
            "2 lines need fixing. You can invite the others now. These two will be waiting in the field afterwards.",
            "All 9 New 3 Reminder 1 Nothing to do 3 Fix 2",
            "1 New Ann Lee ann.lee@contoso.example Will be added and invited",
            "2 New Chidi Okafor chidi.okafor@contoso.example Will be added and invited",
            "3 Reminder Marta Kowalczyk m.kowalczyk@contoso.example Invited today, ",
            "gets a reminder, the earlier link stays good",
            "4 Member priya@northwind.example No name Is a member already; nothing is sent",
            "5 Disabled kwame@northwind.example No name Is disabled. Enable first, then invite",
            "6 Fix joão.silva@contoso,example No email address: a comma stands where a dot should be, after “contoso”",
            "7 Repeated ANN.LEE@contoso.example No name Same address as line 1; counted once",
            "8 Fix Yuki Tanabe yuki@contoso.example There is no role “Suport”. Did you mean Support ?",
            "9 New sofia.lindqvist@contoso.example No name Will be added and invited",
            "Each of the 4 gets the role Support and an email", "Invite 4 people");
        assertThat(org.version()).isEqualTo(version);
        assertThat(ConsoleUser.read(user.get(answer.header("Location").orElseThrow() + "&show=fix")))
            .contains("6 Fix", "8 Fix").doesNotContain("sofia.lindqvist");
        var csv = user.get(answer.header("Location").orElseThrow().replace("check?", "check.csv?"));
        assertThat(csv.header("Content-Type")).contains("text/csv; charset=utf-8");
        assertThat(csv.text()).startsWith("\ufeffline,verdict,email,name,what happens\r\n").contains(
            "2,New,chidi.okafor@contoso.example,Chidi Okafor,Will be added and invited\r\n",
            "8,Fix,yuki@contoso.example,Yuki Tanabe,There is no role “Suport”. Did you mean Support?\r\n");
    }

    @Test
    void the_good_ones_are_invited_and_the_others_wait_in_the_field() {
        var org = northwind();
        var user = founder(org);
        var check = user.follow(user.upload("/console/invite/check", fields(LINES, support(org)), new byte[0]));
        var form = form(check);

        var sent = user.post("/console/invite", form);

        assertThat(sent.status()).isEqualTo(303);
        var field = user.follow(sent);
        assertThat(ConsoleUser.read(field))
            .contains("joão.silva@contoso,example Yuki Tanabe <yuki@contoso.example> Suport")
            .doesNotContain("ann.lee");
        assertThat(entries(org, "invitation.sent")).isEqualTo(5);
        assertThat(org.founder().get("/api/v2/roles/" + support(org) + "/users").each("/data", "/attributes/email"))
            .containsExactlyInAnyOrder("ann.lee@contoso.example", "chidi.okafor@contoso.example",
                "m.kowalczyk@contoso.example", "sofia.lindqvist@contoso.example");

        var again = user.post("/console/invite", form);
        assertThat(again.header("Location").orElseThrow()).startsWith("/console/bulk/");
        assertThat(entries(org, "invitation.sent")).as("sent twice").isEqualTo(5);
        assertThat(ConsoleUser.read(user.follow(again))).contains("Invite 6 people", "Done 4", "Skipped 1",
            "Refused 1");
    }

    @Test
    void an_address_without_a_dot_after_the_at_is_doubted_and_sent() {
        var org = northwind();
        var user = founder(org);
        var checked = user.upload("/console/invite/check", fields("""
            ann@contoso.example
            bob@acme
            priya@northwind.example
            """), new byte[0]);
        var check = user.follow(checked);

        assertThat(ConsoleUser.read(check)).contains(
            "1 address may be incomplete. After the @ there is no dot (line 2). You can send it as it is.",
            "1 New ann@contoso.example No name Will be added and invited 2 New",
            "2 New bob@acme No name Will be added and invited Is this right? “acme” has no dot", "Invite 2 people")
            .doesNotContain("need fixing", "needs fixing");
        assertThat(user.get(checked.header("Location").orElseThrow().replace("check?", "check.csv?")).text()).contains(
            "2,New,bob@acme,,Will be added and invited. Is this right? “acme” has no dot\r\n");
        user.post("/console/invite", form(check));
        assertThat(org.founder().get("/api/v2/users?filter=bob%40acme").each("/data", "/attributes/email"))
            .containsExactly("bob@acme");
        var again = user.follow(user.upload("/console/invite/check", fields(IntStream.range(0, 7)
            .mapToObj("u%d@acme"::formatted).collect(Collectors.joining("\n"))), new byte[0]));
        assertThat(ConsoleUser.read(again)).contains("7 addresses may be incomplete.",
            "(lines 1, 2, 3, 4, 5 and 2 more). You can send it as it is.");
    }

    @Test
    void who_goes_back_after_sending_is_told_what_was_sent() {
        var org = northwind();
        var user = founder(org);
        var checked = user.upload("/console/invite/check", fields(LINES, support(org)), new byte[0]);
        user.post("/console/invite", form(user.follow(checked)));

        var back = user.follow(checked);

        assertThat(back.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(back)).contains("These invitations were sent", "4 people were invited today, ",
            "1 skipped. 1 refused.").doesNotContain("Nothing has been sent", "Check before inviting");
        assertThat(back.text()).contains("href=\"/console/invitations?state=open\"")
            .doesNotContain("action=\"/console/invite\"");
        var list = Pattern.compile("href=\"(/console/invite\\?selection=[^\"]*)\"").matcher(back.text());
        assertThat(list.find()).isTrue();
        assertThat(ConsoleUser.read(user.get(list.group(1)))).contains("Chidi <chidi.okafor@contoso.example>");
        var job = Pattern.compile("href=\"(/console/bulk/[^\"]+)\"").matcher(back.text());
        assertThat(job.find()).isTrue();
        assertThat(ConsoleUser.read(user.get(job.group(1)))).contains("Invite 6 people", "Done 4");
    }

    @Test
    void where_no_one_was_invited_nothing_is_said_to_be_sent() {
        var org = northwind();
        var user = founder(org);
        var lee = org.newPending("lee@contoso.example");
        var checked = user.upload("/console/invite/check", fields("lee@contoso.example"), new byte[0]);
        var form = form(user.follow(checked));
        assertThat(org.founder().delete("/api/v2/users/" + lee.id()).status()).isEqualTo(204);
        user.post("/console/invite", form);

        var back = user.follow(checked);

        assertThat(ConsoleUser.read(back)).contains("No invitation was sent", "This was tried today, ",
            ": no one was invited. 1 refused.", "What became of each").doesNotContain("were sent");
        assertThat(back.text()).doesNotContain("href=\"/console/invitations?state=open\"");
    }

    private static Map<String, String> form(Answer check) {
        return Map.of("selection", ConsoleUser.hidden(check, "selection"));
    }

    private static long entries(TestOrg org, String action) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = ?",
            org.id().value(), action);
    }

    @Test
    void a_role_that_was_mistyped_is_mended_by_its_link() {
        var org = northwind();
        var user = founder(org);
        var check =
            user.follow(user.upload("/console/invite/check", fields("yuki@contoso.example Suport"), new byte[0]));
        var link = Pattern.compile("href=\"(/console/invite\\?[^\"]*instead=[^\"]*)\"").matcher(check.text());
        assertThat(link.find()).isTrue();
        assertThat(ConsoleUser.read(user.get(link.group(1).replace("&amp;", "&"))))
            .contains("yuki@contoso.example Support");
    }

    @Test
    void a_file_is_read_in_windows_1252_and_says_so() {
        var org = roster.newOrg("files");
        var user = founder(org);
        var file = "E-Mail;Name\njoerg@contoso.example;Jörg Müller\n".getBytes(Charset.forName("windows-1252"));
        var page = user.follow(user.upload("/console/invite/check", fields(""), file));
        assertThat(ConsoleUser.read(page)).contains("Jörg Müller joerg@contoso.example Will be added and invited",
            "The file is not UTF-8. It was read as Windows-1252");
    }

    @Test
    void what_cannot_be_checked_is_said_and_kept() {
        var org = roster.newOrg("faults");
        var user = founder(org);
        var none = user.upload("/console/invite/check", fields("  \n"), new byte[0]);
        assertThat(none.status()).isEqualTo(422);
        assertThat(none.text()).contains("<title>Error: Invite people");
        var many = IntStream.range(0, 10_412).mapToObj("u%d@x.example"::formatted).collect(Collectors.joining("\n"));
        var tooMany = user.upload("/console/invite/check", fields(many), new byte[0]);
        assertThat(tooMany.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(tooMany)).contains("10,412 lines. Up to 10,000 at a time.", "u10411@x.example");
        var large = user.upload("/console/invite/check", fields(""), new byte[(1 << 20) + 1]);
        assertThat(large.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(large)).contains("This is longer than 1 MiB.");
        assertThat(user.upload("/console/invite/check", fields(""), new byte[3 << 20]).status()).isEqualTo(413);
    }

    @Test
    void names_and_markup_are_shown_as_they_are() {
        var org = roster.newOrg("markup");
        var user = founder(org);
        var page = user.follow(user.upload("/console/invite/check", fields("""
            "<script>alert(1)</script>" <a@contoso.example>
            "%s" <b@contoso.example>
            """.formatted("x".repeat(61))), new byte[0]));
        assertThat(page.text()).doesNotContain("<script>alert");
        assertThat(ConsoleUser.read(page)).contains("61 characters; a name has at most 55");
    }

    /// P5.
    @Test
    void roles_that_one_cannot_give_need_fixing() {
        var org = roster.newOrg("powers");
        var inviters = org.newRole("Inviters", List.of("user_access_invite"));
        var inviter = org.newUserWith("inviter@powers.test", List.of(inviters.toString()));
        var user = ConsoleUser.of(inviter);
        var page = user
            .follow(user.upload("/console/invite/check", fields("a@contoso.example Datadog Admin Role"), new byte[0]));
        assertThat(ConsoleUser.read(page))
            .containsPattern("You can't give Datadog Admin Role: it has \\d+ permissions that you don't");
    }

    @Test
    void a_selection_is_its_makers_only() {
        var org = roster.newOrg("own");
        var user = founder(org);
        var location = user.upload("/console/invite/check", fields("a@contoso.example"), new byte[0])
            .header("Location").orElseThrow();
        assertThat(ConsoleUser.of(org.newAdmin("other@own.test")).get(location).status()).isEqualTo(404);
        assertThat(founder(roster.newOrg("elsewhere")).get(location).status()).isEqualTo(404);
        assertThat(ConsoleUser.of(org.newUser("none@own.test")).get(location).status()).isEqualTo(403);
        assertThat(user.get(location).status()).isEqualTo(200);
    }

    @Test
    void people_are_added_without_an_email_if_wished() {
        var org = roster.newOrg("silent");
        var user = founder(org);
        var check = user.follow(user.upload("/console/invite/check", List.of(Map.entry("who", "a@contoso.example")),
            new byte[0]));
        assertThat(ConsoleUser.read(check)).contains("They get no email", "Add 1 person");
        user.post("/console/invite", form(check));
        var selection = ConsoleUser.hidden(check, "selection");
        assertThat(ConsoleUser.read(user.get("/console/invite/check?selection=" + selection)))
            .contains("These people were added", "1 person was added today, ", "No email was sent.")
            .doesNotContain("Open invitations");
        assertThat(entries(org, "invitation.sent")).isZero();
        assertThat(Optional.of(entries(org, "user.created"))).contains(2L);
    }

    @Test
    void more_than_a_hundred_are_a_job() {
        var org = roster.newOrg("job");
        var user = founder(org);
        var many = IntStream.range(0, 150).mapToObj("u%d@x.example"::formatted).collect(Collectors.joining("; "));
        var check = user.follow(user.upload("/console/invite/check", fields(many), new byte[0]));
        assertThat(ConsoleUser.read(check)).contains("Each of the 150 gets an email", "Invite 150 people");
        var sent = user.post("/console/invite", form(check));
        var job = sent.header("Location").orElseThrow();
        assertThat(job).startsWith("/console/bulk/");
        Await.until("all are invited", () -> ConsoleUser.read(user.get(job)).contains("Finished."));
        assertThat(entries(org, "invitation.sent")).isEqualTo(150);
        assertThat(user.get(job).text()).contains("href=\"/console/invitations\"><svg", "Open invitations");
    }
}
