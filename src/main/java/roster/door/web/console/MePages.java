package roster.door.web.console;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.preference.Preference;
import roster.core.preference.Preference.Density;
import roster.core.preference.Preference.Theme;
import roster.core.role.Roles;
import roster.core.user.UserText;
import roster.core.user.Users;
import roster.model.Permission;
import roster.model.Problem.BadRequest;
import roster.model.Problem.Invalid;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/console/me`: oneself, and how one wants to see the console. `/console/keyboard`: the keys that are shortcuts.
public final class MePages {
    static final String PATH = "/console/me";
    static final String PROFILE = "/console/me/profile";
    static final String PREFERENCES = "/console/me/preferences";
    static final String SECURITY = "/console/me/security";
    static final String PERMISSIONS = "/console/me/permissions";
    static final String KEYBOARD = "/console/keyboard";

    /// @param began what the fields of the profile were when the form was shown
    /// @param address the user's own, as it is shown
    /// @param faulty whether something is wrong with the fields
    public record MePage(Shell shell, String address, String handle, List<String> roles, Optional<Times.Shown> seen,
        Times.Shown added, Field name, Field title, Field zone, List<String> zones, Preference preference,
        Profile began, boolean faulty) {}

    public record Profile(String name, String title) {}

    public record KeyboardPage(Shell shell) {}

    private final Database db;
    private final Users users;
    private final Roles roles;

    MePages(Database db, Users users, Roles roles) {
        this.db = db;
        this.users = users;
        this.roles = roles;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, Needs.Simple.SESSION, visit -> show(visit, 200, Optional.empty(), Optional.empty()))
            .get(PROFILE, Needs.Simple.SESSION, visit -> visit.goOn(PATH))
            .post(PROFILE, Needs.sessionOf(Permission.USER_SELF_PROFILE_WRITE), this::change)
            .get(PREFERENCES, Needs.Simple.SESSION, visit -> visit.goOn(PATH))
            .post(PREFERENCES, Needs.Simple.SESSION, this::prefer)
            .get(SECURITY, Needs.Simple.SESSION, visit -> visit.goOn("/me/security"))
            .get(KEYBOARD, Needs.Simple.SESSION, this::keyboard);
    }

    private Response keyboard(Visit visit) {
        return visit.page("web/console/keyboard.jte", new KeyboardPage(visit.shell(Optional.empty(), "Keyboard")));
    }

    /// What was typed, and what is wrong with it.
    private record Typed(String name, String title, Refused refused) {}

    /// What was chosen, with a time zone that is none.
    private record Chosen(Preference preference, String zone) {}

    private Response show(Visit visit, int status, Optional<Typed> typed, Optional<Chosen> chosen) {
        record Self(User user, List<String> roles) {}
        var self = visit.read(tx -> {
            var user = users.find(tx, visit.caller().org(), visit.caller().user().orElseThrow()).orElseThrow();
            return new Self(user, roles.all(tx, user.org(), user.roles()).stream().map(Role::name).toList());
        });
        var user = self.user();
        var faulty = typed.isPresent() || chosen.isPresent();
        var shell = visit.shell(Optional.empty(), (faulty ? "Error: " : "") + "You");
        return visit.page(status, "web/console/me.jte", new MePage(shell, user.email(), user.handle(), self.roles(),
            user.lastLoginAt().map(shell.times()::brief), shell.times().full(user.createdAt()),
            field("name", "Name", user.name().orElse(""), typed.map(Typed::name), typed),
            field("title", "Title", user.title().orElse(""), typed.map(Typed::title), typed),
            zoneField(visit, chosen.map(Chosen::zone)), zones(),
            chosen.map(Chosen::preference).orElse(visit.viewer().preference()),
            new Profile(user.name().orElse(""), user.title().orElse("")), faulty));
    }

    private static Field field(String id, String label, String stored, Optional<String> typed,
        Optional<Typed> profile) {
        var field = Field.of(id, label, typed.orElse(stored));
        return profile.map(one -> field.faulty(Words.ofField(one.refused().problem(), id, typed.orElse(""))))
            .orElse(field);
    }

    private static Field zoneField(Visit visit, Optional<String> faulty) {
        var field = Field.of("zone", "Time zone", faulty.orElse(visit.viewer().preference().zone().map(ZoneId::getId)
            .orElse(""))).hinting("Such as Europe/Vienna. Empty: the organisation's.");
        return faulty.isPresent() ? field.faulty("Choose a time zone by its name, such as Europe/Vienna.") : field;
    }

    /// By region and city: others are older names, or have no place.
    private static List<String> zones() {
        return ZoneId.getAvailableZoneIds().stream()
            .filter(
                name -> name.matches("(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.*"))
            .sorted().toList();
    }

    private Response change(Visit visit) {
        var form = visit.form();
        var name = Clash.sent(form, "name");
        var title = Clash.sent(form, "title");
        try {
            UserText.ownNameFault(name.value().strip()).ifPresent(why -> {
                throw new Refused(new Invalid("name", why));
            });
            db.write(visit.caller(), tx -> {
                var now = users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow();
                if (Clash.isStale(name, now.name().orElse("")) || Clash.isStale(title, now.title().orElse(""))) {
                    throw new Refused(new Stale());
                }
                return users.updateSelf(tx, new Users.Edit(Optional.of(name.value().strip()), Optional.empty(),
                    Optional.of(Optional.of(title.value().strip()).filter(text -> !text.isEmpty())),
                    Optional.empty()));
            });
        } catch (Refused e) {
            return switch (e.problem()) {
                case Invalid _ ->
                    show(visit, 422, Optional.of(new Typed(name.value(), title.value(), e)), Optional.empty());
                case Stale _ -> clash(visit, name, title);
                default -> throw e;
            };
        }
        return visit.goOn(PATH, Notice.done("Your profile is saved."));
    }

    private Response clash(Visit visit, Clash.Sent name, Clash.Sent title) {
        var now = visit.read(tx -> users.find(tx, visit.caller().org(), visit.caller().user().orElseThrow()))
            .orElseThrow();
        return visit.page(412, "web/console/clash.jte", new ClashPage(visit.shell(Optional.empty(),
            "Changed meanwhile"), "",
            List.of(clash("name", "Name", name, now.name()), clash("title", "Title", title,
                now.title())),
            Map.of(), visit.link().post(PROFILE).orElseThrow(), visit.link().to(PATH).orElseThrow()));
    }

    private static Clash clash(String field, String label, Clash.Sent sent, Optional<String> now) {
        return new Clash(field, label, sent.began().orElse(""), now.orElse(""), sent.value());
    }

    private Response prefer(Visit visit) {
        var form = visit.form();
        var zone = form.text("zone").strip();
        var chosen = chosen(visit, form);
        try {
            visit.prefer(new Preference(chosen.theme(), chosen.density(), chosen.rows(),
                zone.isEmpty() ? Optional.empty() : Optional.of(zone(zone)), chosen.keys()));
        } catch (DateTimeException e) {
            return show(visit, 422, Optional.empty(), Optional.of(new Chosen(chosen, zone)));
        }
        return visit.goOn(PATH, Notice.done("Your preferences are saved."));
    }

    /// What the form says but for the time zone.
    private static Preference chosen(Visit visit, Form form) {
        try {
            return new Preference(Theme.valueOf(upper(form, "theme")), Density.valueOf(upper(form, "density")),
                visit.viewer().preference().rows(), Optional.empty(), !form.text("keys").isEmpty());
        } catch (IllegalArgumentException e) { // a value that the page does not offer
            throw new Refused(new BadRequest());
        }
    }

    private static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new DateTimeException("no zone of the tz database");
        }
        return ZoneId.of(name);
    }

    private static String upper(Form form, String name) {
        return form.text(name).toUpperCase(Locale.ROOT);
    }
}
