package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.html.Form;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailOfUser;
import roster.core.user.UserStamps;
import roster.model.Email;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import tools.jackson.databind.JsonNode;

/// What a form about a person was made from, and the page that is shown where they were changed since.
public final class Meanwhile {
    static final String STAMP = "stamp";
    static final String BEGAN = "began";
    private static final String CHOSEN = "chosen";

    private final UserStamps stamps;
    private final Purpose seal;

    Meanwhile(UserStamps stamps, Secrets secrets) {
        this.stamps = stamps;
        this.seal = secrets.purpose("console form origin");
    }

    /// A person as a form showed them.
    record Began(String name, String email, String title, String status, List<Role.Id> roles) {
        static Began of(User user) {
            return new Began(user.name().orElse(""), user.email(), user.title().orElse(""), user.status().text(),
                user.roles());
        }

        String called() {
            return name.isBlank() ? email : name;
        }
    }

    /// What the form holds, so that it is known later what it was made from.
    Map<String, String> fields(User user) {
        var began = Began.of(user);
        var fields = new LinkedHashMap<String, String>();
        fields.put(STAMP, stamps.of(user));
        fields.put(BEGAN, seal.seal(Json.bytes(Json.members("id", user.id().toString(), "name", began.name(),
            "email", began.email(), "title", began.title(), "status", began.status(),
            "roles", began.roles().stream().map(Role.Id::toString).toList()))));
        return fields;
    }

    /// The same fields, as a form sent them.
    static Map<String, String> fields(Form form) {
        var fields = new LinkedHashMap<String, String>();
        fields.put(STAMP, form.text(STAMP));
        fields.put(BEGAN, form.text(BEGAN));
        return fields;
    }

    /// What a form was made from; none if it does not say so, as forms that undo something.
    Optional<Began> began(Form form, User user) {
        return began(form.text(BEGAN), user);
    }

    Optional<Began> began(String sealed, User user) {
        return seal.open(sealed).map(Json::parse)
            .filter(sent -> sent.get("id").asString().equals(user.id().toString())).map(Meanwhile::began);
    }

    private static Began began(JsonNode sent) {
        var roles = new ArrayList<Role.Id>();
        sent.get("roles").forEach(role -> roles.add(new Role.Id(UUID.fromString(role.asString()))));
        return new Began(sent.get("name").asString(), sent.get("email").asString(), sent.get("title").asString(),
            sent.get("status").asString(), roles);
    }

    /// Under the lock, before the change.
    ///
    /// @throws Refused with Stale
    void mustBeUnchanged(Form form, User user) {
        mustBeUnchanged(form.text(STAMP), user);
    }

    void mustBeUnchanged(String stamp, User user) {
        stamps.mustBe(user, stamp);
    }

    String stamp(User user) {
        return stamps.of(user);
    }

    /// Who changed them last, and when: `Okta provisioning changed Marta Fernández Ruiz at 14:06.` Who it was is told to those
    /// who may read the trail.
    String changed(Visit visit, Tx tx, User user, String called) {
        var last = TrailOfUser.latestChange(tx, user.org(), user.id());
        var anonymous = Email.isAnonymous(user.email());
        var when = last.map(entry -> when(visit, entry)).orElse("");
        if (anonymous) {
            return called + " was anonymised" + when + ".";
        }
        return last.filter(_ -> visit.link().to(PersonPages.HISTORY, user.id()).isPresent())
            .map(entry -> actor(visit, entry) + " changed " + called + when + ".")
            .orElse(called + " was changed" + when + ".");
    }

    /// Names of users stay as they are; ours begin the sentence.
    static String actor(Visit visit, TrailEntry entry) {
        var actor = new Sentences(visit.link(), Optional.empty()).actor(entry).text();
        return entry.actor().isPresent() ? actor : Words.capital(actor);
    }

    private static String when(Visit visit, TrailEntry entry) {
        return " " + visit.times().told(entry.at());
    }

    /// The page for a person who was anonymised meanwhile, with what was typed.
    Response gone(Visit visit, Tx tx, User user, String called, Map<String, String> typed) {
        return visit.page(412, "web/console/gone.jte",
            new Gone(visit.shell(Persons.section(user), "Error: gone meanwhile"),
                changed(visit, tx, user, called), typed, Persons.href(visit, user),
                "Go to what is left of them"));
    }

    /// @param typed by the labels of fields
    /// @param label of the link
    public record Gone(Shell shell, String heading, Map<String, String> typed, String href, String label) {}

    /// Answers with the choice between the versions.
    ///
    /// @param fields what the form sends besides the choices; the new stamp is added
    Response choose(Visit visit, Tx tx, User user, String called, List<Clash> clashes, String route,
        Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields(user));
        all.putAll(fields);
        all.put(CHOSEN, "yes");
        return visit.page(412, "web/console/clash.jte", new ClashPage(
            visit.shell(Persons.section(user), "Error: changed meanwhile"), changed(visit, tx, user, called), clashes,
            all,
            visit.link().post(route, user.id()).orElseThrow(),
            Persons.href(visit, user)));
    }

    /// Whether a form is the choice between versions.
    static boolean isChosen(Form form) {
        return !form.text(CHOSEN).isEmpty();
    }

    /// What others may have changed besides what the form is about.
    static List<Clash> told(Began began, User user) {
        var now = Began.of(user);
        return List.of(told("name", "Name", began.name(), now.name()),
            told("email", "Email", began.email(), now.email()), told("title", "Title", began.title(), now.title()),
            told("status", "Status", began.status(), now.status()));
    }

    static Clash told(String field, String label, String began, String now) {
        return new Clash(field, label, began, now, began);
    }

    /// Who changed settings, and when: `Grace Hopper changed these settings at 14:06.`
    static String settings(Visit visit, TrailEntry entry) {
        return visit.link().to(PersonPages.HISTORY, visit.viewer().user()).isPresent()
            ? actor(visit, entry) + " changed these settings" + when(visit, entry) + "."
            : "These settings were changed" + when(visit, entry) + ".";
    }
}
