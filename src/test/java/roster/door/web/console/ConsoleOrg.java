package roster.door.web.console;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import roster.base.http.Route;
import roster.core.bulk.Act;
import roster.core.bulk.BulkFeature;
import roster.core.bulk.Item;
import roster.core.bulk.Job;
import roster.core.bulk.Order;
import roster.core.bulk.Selection.Chosen;
import roster.core.reader.PastedText;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.App;
import roster.support.Await;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// An organisation with people in it, as the pictures of the console have it, for the tests that look at pages.
final class ConsoleOrg {
    /// Names that are hard to show: as wide as they can be, from right to left, with many marks, and of characters that mean
    /// something in HTML and in scripts.
    private static final List<String> HARD = List.of("W".repeat(55), "محمد عبد الرحمن الخطيب",
        "Z̷̡͖͇a̸l̵g̶o Ü̈n̈g̈l̈ü̈c̈k̈", "\"'&amp;script&quot; alert(1)//", "小林 さくら");

    private static final List<String> PEOPLE = List.of("Marta Fernández Ruiz", "Martin Aaltonen",
        "Omar Martínez-Haddad",
        "Martha Nakagawa", "Smart Onyekachukwu", "Élodie Martineau", "Priya Martandam", "Lukas Martens",
        "Noor van der Martelaere", "Martynas Žukauskas", "Kwame Martey", "Grace Hopper", "Chidi Okafor", "Yuki Tanabe");

    private static final Pattern PARAMETER = Pattern.compile("\\{[a-z_]+}");

    /// What stands for the parameters of routes, by the beginning of the template: a class of pages with parameters adds
    /// theirs. Several for one template are several pages. Where a template has several parameters, they are whole addresses.
    private static final Map<String, Function<ConsoleOrg, List<String>>> EXAMPLES = new HashMap<>();
    static {
        EXAMPLES.put("/console/settings/mappings/{id}", org -> List.of(org.mapping));
        EXAMPLES.put("/console/settings/sign-in/{id}", org -> List.of(org.provider));
        EXAMPLES.put("/console/audit/{entry}", org -> List.of("1.1", org.org.version() + ".1"));
        EXAMPLES.put("/console/bulk/{job}", org -> List.of(org.job.id().toString()));
        EXAMPLES.put("/console/people/{id}", org -> List.of(org.person.toString(), org.hard.toString()));
        EXAMPLES.put("/console/people/{id}/permissions/{name}", org -> List.of(
            "/console/people/" + org.person + "/permissions/user_access_invite",
            "/console/people/" + org.hard + "/permissions/user_access_manage"));
        EXAMPLES.put("/console/roles/{id}", org -> List.of(org.billing.toString()));
        EXAMPLES.put("/console/invitations/{id}", org -> org.invitations);
        EXAMPLES.put("/console/mailbox/{letter}", org -> List.of(org.letter));
        EXAMPLES.put("/console/permissions/{name}", _ -> List.of("audit_logs_read"));
        EXAMPLES.put("/console/service-accounts/{id}", org -> List.of(org.keys.account.toString()));
        EXAMPLES.put("/console/keys/api/{id}", org -> List.of(org.keys.apiKey.toString()));
        EXAMPLES.put("/console/keys/application/{id}", org -> List.of(org.keys.applicationKey.toString()));
        EXAMPLES.put("/console/keys/tokens/{id}", org -> List.of(org.keys.token.toString()));
    }

    final TestOrg org;
    final TestUser admin;
    final Role.Id support;
    final Role.Id billing;
    final String provider;
    final String mapping;
    final User.Id person;
    final User.Id hard;
    final User.Id disabled;
    final Job job;

    /// One that is sent, and one that was cancelled.
    final List<String> invitations = new ArrayList<>();

    /// One that came back.
    private String bounced;

    /// An e-mail that waits to be sent.
    final String letter;
    private final Map<String, SignedIn> callers = new HashMap<>();
    final ConsoleKeys keys;

    ConsoleOrg(TestRoster roster) {
        org = roster.newOrg("Northwind");
        admin = org.founder();
        support = org.newRole("Support lead", List.of("user_access_read", "user_access_invite"));
        billing = org.newRole("Billing", List.of("dashboards_read"));
        for (var name : List.of("Dashboards editor", "On-call")) {
            org.newRole(name, List.of("dashboards_read"));
        }
        provider = OpenId.configured(org, OpenId.okta());
        mapping = map(admin, "groups", "support");
        var left = org.newAdmin("left@northwind.example");
        map(left, "realm_access.roles", "W".repeat(55));
        disable(left.user());
        var made = new ArrayList<User>();
        PEOPLE.forEach(name -> made.add(add(name)));
        HARD.forEach(name -> made.add(add(name)));
        person = made.getFirst().id();
        hard = made.get(PEOPLE.size()).id();
        var pending = new ArrayList<User>();
        for (var i = 0; i < 60; i++) {
            pending.add(org.newPending("kmart.reception%d@contoso.example".formatted(i)));
        }
        invite(pending);
        letter = org.roster().sqlValue("SELECT max(id::text) FROM letters WHERE org_id = ? AND state = 'queued'",
            org.id().value()).toString();
        org.newServiceAccount("okta@service.example", List.of(support.toString()));
        disabled = made.get(3).id();
        disable(made.get(3));
        SignedIn.in(org, made.getFirst());
        App.of(new TestUser(org, made.getFirst(), "", ""));
        job = bulk().bulk.begin(founder(), bulk().bulk.newId(), Order.of(Act.ENABLE),
            made.stream().<Item>map(user -> new Item.OfUser(user.id())).limit(3).toList());
        provision(made.getFirst(), org.newRole("Ops " + "W".repeat(50), List.of("dashboards_read")));
        keys = new ConsoleKeys(org, List.of(HARD.getFirst(), HARD.get(1)), support);
    }

    /// A directory takes a person and a role over, with what goes wrong then.
    private void provision(User user, Role.Id role) {
        scim("PATCH", "/Users/" + user.id(),
            "{\"Operations\":[{\"op\":\"add\",\"path\":\"nickName\",\"value\":\"M\"}]}");
        scim("PATCH", "/Groups/" + role,
            "{\"Operations\":[{\"op\":\"add\",\"path\":\"externalId\",\"value\":\"g1\"}]}");
        scim("PATCH", "/Users/" + user.id(), "{\"Operations\":[{\"op\":\"replace\",\"path\":\"nickname\"}]}");
        scim("POST", "/Users", "{\"userName\":\"" + user.email() + "\"}");
        scim("GET", "/Users?filter=%22", null);
        org.roster().program().provisioning.requests.write();
    }

    private void scim(String method, String path, String body) {
        org.roster().send(method, "/scim/v2" + path, body, Map.of("Authorization",
            "Bearer " + admin.applicationKey(), "User-Agent", "Okta SCIM Client 1.0.0 " + "W".repeat(120)));
    }

    /// Some of whom got an e-mail, and some not.
    private void invite(List<User> people) {
        var ids = new ArrayList<String>();
        people.stream().limit(14).forEach(user -> ids.add(Inviting.invited(admin, user.id())));
        letters(ids.subList(0, 3), "sent", "");
        letters(ids.subList(3, 4), "bounced", "550 5.1.1 " + "W".repeat(55) + " <script>: user unknown");
        letters(ids.subList(4, 5), "deferred", "421 try later");
        letters(ids.subList(5, 6), "failed", "554 no such domain");
        Inviting.expire(org, ids.get(6));
        admin.delete(Inviting.OWN_PATH + "/" + ids.get(7));
        invitations.addAll(List.of(ids.get(0), ids.get(7)));
        bounced = ids.get(3);
    }

    private void letters(List<String> invitations, String state, String why) {
        invitations.forEach(id -> org.roster().sql("""
            UPDATE letters SET state = ?, last_error = ?, sent_at = CASE WHEN ? = 'sent' THEN now() END, attempts = 1,
                               next_attempt_at = now() + interval '12 minutes'
             WHERE org_id = ? AND subject_id = ?
            """, state, why, state, org.id().value(), UUID.fromString(id)));
    }

    private BulkFeature bulk() {
        return org.roster().program().bulk;
    }

    private Caller founder() {
        return new Caller(Caller.Kind.USER, org.id(), Optional.of(admin.user().id()), admin.email(),
            Caller.Credentials.NONE, Set.of(Permission.USER_ACCESS_MANAGE, Permission.USER_ACCESS_READ,
                Permission.USER_ACCESS_INVITE),
            0, 0, List.of(), "request", Optional.empty());
    }

    /// Pages of what the administrator has selected.
    List<String> selected() {
        var text = PastedText.of("""
            Ann Lee <ann.lee@contoso.example> Support lead
            joão.silva@contoso,example
            "%s" <wide@contoso.example> Suport leed
            kmart.reception1@contoso.example
            ann.lee@contoso.example
            """.formatted("W".repeat(55)));
        var pasted = bulk().selections.add(founder(), new Chosen.Pasted(text, List.of(support), true)).id();
        var people = bulk().selections.add(founder(), new Chosen.People(List.of(person, hard))).id();
        var sent = bulk().selections.add(founder(), new Chosen.Pasted(text, List.of(), true)).id();
        bulk().bulk.begin(founder(), sent, Order.of(Act.INVITE), List.of(new Item.OfUser(disabled)));
        return List.of("/console/invite/check?selection=" + pasted, "/console/invite/check?selection=" + sent,
            "/console/invite?selection=" + pasted,
            "/console/people/paste?selection=" + pasted, "/console/bulk/new?do=disable&selection=" + people,
            "/console/bulk/new?do=roles&selection=" + people);
    }

    /// Pages about a person in other states than the usual one.
    List<String> ofPeople() {
        var path = "/console/people/" + person;
        return List.of(path + "?as_of=2001-02-03T04:05", path + "?as_of=" + Instant.now(), path + "?from=q%3Dmart",
            path + "/permissions?show=missing", path + "/permissions?q=nothing%20like%20this",
            "/console/people/" + disabled, "/console/people/" + disabled + "/enable",
            reviewed(person, billing, support), reviewed(hard, org.managed(Role.Managed.ADMIN), support),
            reviewed(admin.user().id(), billing, org.managed(Role.Managed.ADMIN)),
            path + "/roles/edit?give=.AAAA");
    }

    /// The review of other roles.
    private String reviewed(User.Id user, Role.Id give, Role.Id take) {
        var users = org.roster().program().user;
        var stamp = users.stamps.of(Await.read(org.roster().db(), tx -> users.users.find(tx, org.id(), user))
            .orElseThrow());
        return "/console/people/%s/roles/review?give=%s&take=%s&stamp=%s".formatted(user, give, take, stamp);
    }

    private String map(TestUser by, String key, String value) {
        return by.post("/api/v2/authn_mappings", """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"%s","attribute_value":"%s"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(key, value, support)).id();
    }

    private User add(String name) {
        var users = org.roster().program().user;
        var standard = org.managed(Role.Managed.STANDARD).toString();
        var address =
            name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]+", ".").replaceAll("^\\.|\\.$", "") + "."
                + Integer.toHexString(name.hashCode()) + "@northwind.example";
        return org.write(tx -> users.users.verify(tx, users.newUsers.create(tx, address.replaceAll("^\\.", "x."),
            Optional.of(name), Optional.of("Senior <b>Support</b> Engineer"), List.of(support.toString(),
                standard)),
            "user.verified", true));
    }

    private void disable(User user) {
        org.write(tx -> org.roster().program().user.users.update(tx, user.id().toString(),
            new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true))));
    }

    /// The session of a user with a role: `admin`, `standard`, `support` (who may read and invite), `none`.
    SignedIn caller(String which) {
        return callers.computeIfAbsent(which, _ -> SignedIn.in(switch (which) {
            case "admin" -> admin;
            case "standard" -> keys.withToken(org.newStandard("standard@northwind.example"));
            case "support" -> org.newUserWith("support@northwind.example", List.of(support.toString()));
            default -> org.newUser("none@northwind.example");
        }));
    }

    /// Ends all sessions of a user.
    void endSessions(TestUser user) {
        org.write(tx -> org.roster().program().session.sessions.endAll(tx, user.user().id(), Optional.empty(),
            "everywhere"));
    }

    /// Addresses that say in their query what they are about.
    List<String> queries() {
        var standard = org.managed(Role.Managed.STANDARD);
        return List.of("/console/settings/mappings?q=xyzzy", "/console/me/permissions?show=missing",
            "/console/roles?q=support&sort=-people", "/console/roles?for=first&with=" + support,
            "/console/roles/compare?a=" + support + "&b=" + billing,
            "/console/roles/compare?a=" + support + "&b=" + standard + "&show=all",
            "/console/roles/new?from=" + support + "&name=Support",
            "/console/roles/" + support + "/review?add=api_keys_write&drop=user_access_invite&name=Support",
            "/console/roles/" + support + "/review?add=api_keys_write&drop=user_access_invite&name=Support&tag=1",
            "/console/roles/" + support + "/delete", "/console/roles/new/review?name=Support&add=cases_read",
            "/console/invitations?q=kmart&sort=expires", "/console/invitations?state=failed%2Cbounced",
            "/console/invitations?q=nothing&state=accepted", "/console/invitations?sel=all",
            "/console/invitations/" + bounced + "?from=state%3Dfailed",
            "/console/permissions?q=keys", "/console/permissions?q=xyzzy", "/console/audit?q=marta&what=people",
            "/console/audit?when=30d&source=console&by=" + admin.user().id() + "%2Ccli%3Atest&about=" + person,
            "/console/audit?query=%40action%3A%28created+OR+deleted%29&before=end", "/console/audit?q=xyzzy",
            "/console/audit?from=2021-05-01&to=2021-05-02T10%3A00");
    }

    /// The addresses of a route, its parameters filled.
    List<String> paths(Route route) {
        var template = route.template();
        if (!PARAMETER.matcher(template).find()) {
            return List.of(template);
        }
        if (template.startsWith(Console.PATH + "{")) {
            return template.equals(Console.PATH + "{a}") ? List.of(Console.PATH + "nothing") : List.of();
        }
        var known = EXAMPLES.keySet().stream().filter(template::startsWith)
            .max((one, other) -> Integer.compare(one.length(), other.length()))
            .orElseThrow(() -> new AssertionError("ConsoleOrg.EXAMPLES has nothing for " + template));
        return EXAMPLES.get(known).apply(this).stream()
            .map(example -> (example.startsWith("/") ? example : known.replaceAll("\\{[a-z_]+}$", example))
                + template.substring(known.length()))
            .toList();
    }
}
