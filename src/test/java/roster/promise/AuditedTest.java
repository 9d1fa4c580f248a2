package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.org.OrgConfig;
import roster.core.session.SignIn.Admission;
import roster.core.signin.Links;
import roster.model.Invitation;
import roster.model.Org;
import roster.support.App;
import roster.support.Await;
import roster.support.Device;
import roster.support.Inviting;
import roster.support.Metadata;
import roster.support.OpenId;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// P2: every version of every row has its audit entry.
class AuditedTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// The version of the change with this entry, if there is one.
    static Optional<Long> versionOf(TestOrg org, String action, String name) {
        return Await.read(org.roster().db(), tx -> tx.query(
            "SELECT version FROM audit_entries WHERE org_id = ? AND action = ? AND subject_name = ?", org.id(), action,
            name).optional(row -> row.number("version")));
    }

    @Test
    void every_version_of_every_row_has_its_audit_entry() {
        var org = roster.newOrg("trail");
        everythingHappens(org);

        assertAudited(roster, List.of(org.id()));
        for (var table : versioned(roster)) {
            assertThat((Long) roster.sqlValue("SELECT count(*) FROM %s WHERE org_id = ?".formatted(table),
                org.id().value())).as("rows of " + table).isPositive();
        }
    }

    private static List<String> versioned(TestRoster roster) {
        var versioned = roster.sql("""
            SELECT c.table_name FROM information_schema.columns c JOIN information_schema.columns v USING (table_schema, table_name)
             WHERE table_schema = 'public' AND c.column_name = 'org_id' AND v.column_name = 'version'
               AND table_name <> 'audit_entries'
            """).stream().map(row -> (String) row.getFirst()).toList();
        assertThat(versioned).contains("users", "roles", "role_members", "api_keys", "application_keys", "invitations",
            "invitation_requests", "passwords", "sessions", "mail_links", "letters", "gone", "org_configs");
        return versioned;
    }

    /// Every version of every row of these organisations has an entry, the organisations end with their last entry, and
    /// their trails verify.
    static void assertAudited(TestRoster roster, List<Org.Id> ids) {
        var orgs = ids.stream().map(Org.Id::value).toArray();
        for (var table : versioned(roster)) {
            assertThat(roster.sql("""
                SELECT t.org_id, t.version FROM %s t
                 WHERE t.org_id = ANY (?::uuid[]) AND NOT EXISTS (SELECT 1 FROM audit_entries e
                                                                   WHERE e.org_id = t.org_id AND e.version = t.version)
                """.formatted(table), array(orgs))).as(table + " without an entry").isEmpty();
        }
        assertThat(roster.sql("""
            SELECT o.id FROM orgs o
             WHERE o.id = ANY (?::uuid[]) AND NOT EXISTS (
                   SELECT 1 FROM audit_entries e
                    WHERE e.org_id = o.id AND e.version = o.version AND e.stamp = o.stamp AND e.at = o.written_at
                      AND e.version = (SELECT max(version) FROM audit_entries WHERE org_id = o.id))
            """, array(orgs))).as("organisations that do not end with their last entry").isEmpty();
        assertThat(roster.sql("""
            SELECT org_id FROM audit_entries WHERE org_id = ANY (?::uuid[])
             GROUP BY org_id HAVING count(DISTINCT version) <> max(version)
            """, array(orgs))).as("organisations with a version that has no entry").isEmpty();
        for (var id : ids) {
            assertThat(roster.program().audit().trail.verify(id, Optional.empty()).faults()).as("trail of " + id)
                .isEmpty();
        }
    }

    private static String array(Object[] ids) {
        return "{" + String.join(",", Arrays.stream(ids).map(Object::toString).toList()) + "}";
    }

    /// Each kind of change, once.
    private static void everythingHappens(TestOrg org) {
        var ada = org.founder();
        var bob = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"bob@trail.test"}}}""").id();
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob","title":"Dr"}}}""".formatted(bob));
        assertThat(ada.post("/scim/v2/Users", "{\"userName\":\"fay@trail.test\"}").status()).isEqualTo(201);
        var invite = """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}"""
            .formatted(bob);
        var first = ada.post("/api/v2/user_invitations", invite).text("/data/0/id");
        ada.patch("/api/v2/users/" + bob, """
            {"data":{"type":"users","id":"%s","attributes":{"email":"bobby@trail.test"}}}""".formatted(bob));
        assertThat(roster.send("POST", "/invitations/" + token(org, first) + "/ask", "").status()).isEqualTo(200);
        var invitation = ada.post("/api/v2/user_invitations", invite).text("/data/0/id");
        assertThat(Inviting.accept(roster, "/invitations/" + token(org, invitation)).status()).isEqualTo(200);
        var role = ada.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"Tailors"}}}""").id();
        var other = org.newRole("Cutters", List.of("logs_live_tail"));
        for (var some : List.of(role, other.toString())) {
            ada.post("/api/v2/roles/%s/users".formatted(some), """
                {"data":{"type":"users","id":"%s"}}""".formatted(bob));
        }
        ada.delete("/api/v2/roles/%s/users".formatted(role), """
            {"data":{"type":"users","id":"%s"}}""".formatted(bob));
        assertThat(ada.delete("/api/v2/roles/" + role).status()).isEqualTo(204);
        org.write(tx -> Person.create(org, tx, "eve", List.of("user_access_invite"), List.of()));
        org.write(tx -> {
            roster.program().org.configs.set(tx, OrgConfig.LONG_INVITATIONS, true);
            return null;
        });
        assertThat(ada.post("/api/v2/authn_mappings", """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"a","attribute_value":"b"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(other)).status())
            .isEqualTo(200);
        assertThat(ada.post("/api/v2/personal_access_tokens", """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"t","scopes":["user_access_read"],
             "expires_at":"2999-01-01T00:00:00Z"}}}""").status()).isEqualTo(201);
        assertThat(Metadata.upload(ada).status()).isEqualTo(200);
        for (var blocks : List.of("127.0.0.1", "127.0.0.0/8")) { // the second replaces the first
            assertThat(ada.patch("/api/v2/ip_allowlist", """
                {"data":{"type":"ip_allowlist","attributes":{"enabled":true,
                 "entries":[{"data":{"attributes":{"cidr_block":"%s"}}}]}}}""".formatted(blocks)).status())
                .isEqualTo(200);
        }
        assertThat(ada.delete("/api/v2/users/" + bob).status()).isEqualTo(204);
        org.write(tx -> roster.program().signIn.links.make(tx, ada.user(), Links.GOOD));
        var provider = OpenId.configured(org, OpenId.okta());
        assertThat(OpenId.admitted(org, ada.user(), provider, "ada-there", Optional.of("automatic")))
            .isInstanceOf(Admission.In.class);
        var eve = org.newUser("eve@trail.test");
        App.of(eve);
        Device.of(eve);
        org.write(tx -> roster.program().factor.codes.make(tx, ada.user()));
        assertThat(SignedIn.in(ada).call("DELETE", "/api/v2/roster/sessions", null).status()).isEqualTo(204);
    }

    private static String token(TestOrg org, String invitation) {
        var invitations = roster.program().invitation.invitations;
        return Await.read(roster.db(), tx -> invitations.token(tx, invitations.find(tx, org.id(),
            new Invitation.Id(UUID.fromString(invitation))).orElseThrow()));
    }
}
