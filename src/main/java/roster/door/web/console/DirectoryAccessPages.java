package roster.door.web.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.key.KeyActs.Draft;
import roster.core.key.KeyActs.Made;
import roster.core.key.KeyKind;
import roster.core.key.Keys;
import roster.core.provisioning.DirectoryAccess;
import roster.core.user.Users;
import roster.door.web.console.KeySecretPage.Secret;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// `/console/settings/provisioning/token`: makes the service account and the token with which a directory calls, and shows the
/// token once. The form holds the ids that both will have, so that it makes them once however often it is sent.
public final class DirectoryAccessPages {
    static final String NEW = SettingsTab.PROVISIONING.path() + "/token";

    private static final Needs MANAGE = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
    private static final String NAME = "name";
    private static final String EMAIL = "email";
    private static final String ENDS = "ends";

    /// What the form makes, and the fields that say which ones.
    private static final String ACCOUNT = "account";
    private static final String TOKEN = "token";

    /// Such as 2027-02-28.
    private static final int DAY_LENGTH = 10;

    private final Database db;
    private final DirectoryAccess access;
    private final Users users;
    private final FormIds ids;

    DirectoryAccessPages(Database db, ConsoleDoor.Rooms rooms, FormIds ids) {
        this.db = db;
        this.access = rooms.provisioning().access;
        this.users = rooms.user().users;
        this.ids = ids;
    }

    void addTo(Console.Pages pages) {
        pages.getFresh(NEW, MANAGE, visit -> form(visit, new Filled("", own(visit), "", drafted(visit)), Map.of(), ""))
            .postFresh(NEW, MANAGE, this::make);
    }

    /// @param fault that is of no field; empty: none
    /// @param hidden what the form holds besides
    public record TokenForm(Shell shell, Back back, String fault, Field name, Field email, Field ends,
        Map<String, String> hidden, String action) {
        public List<Field> all() {
            return List.of(name, email, ends);
        }
    }

    /// @param drafts sealed, by field
    private record Filled(String name, String email, String ends, Map<String, String> drafts) {
        private Filled with(Map<String, String> others) {
            return new Filled(name, email, ends, others);
        }
    }

    /// The address of the one who asks.
    private String own(Visit visit) {
        return visit.read(tx -> users.find(tx, visit.caller().org(), visit.caller().user().orElseThrow()))
            .map(User::email).orElse("");
    }

    private Map<String, String> drafted(Visit visit) {
        var drafts = new LinkedHashMap<String, String>();
        List.of(ACCOUNT, TOKEN).forEach(field -> drafts.put(field, ids.next(visit, what(field))));
        return drafts;
    }

    private static String what(String field) {
        return "directory's " + field;
    }

    private static Filled filled(Form form) {
        return new Filled(form.text(NAME), form.text(EMAIL), form.text(ENDS),
            Map.of(ACCOUNT, form.text(ACCOUNT), TOKEN, form.text(TOKEN)));
    }

    private Response form(Visit visit, Filled filled, Map<String, String> faults, String fault) {
        DirectoryAccess.mustBeAllowed(visit.caller());
        var good = faults.isEmpty() && fault.isEmpty();
        return visit.page(good ? 200 : 422, "web/console/directory-access.jte", new TokenForm(
            visit.shell(Section.SETTINGS, (good ? "" : "Error: ") + "Connect a directory"), back(visit), fault,
            field(NAME, "Name", filled.name(), "What is to be connected, such as Okta.", faults),
            field(EMAIL, "Email", filled.email(), "Of those who look after it.", faults),
            field(ENDS, "Good until the end of", filled.ends(),
                "Empty: it does not end. When it ends, provisioning stops until you make another one.", faults),
            filled.drafts(), visit.link().post(NEW).orElseThrow()));
    }

    private static Field field(String id, String label, String value, String hint, Map<String, String> faults) {
        return Field.of(id, label, value).hinting(hint).faulty(faults.getOrDefault(id, ""));
    }

    private static Back back(Visit visit) {
        return new Back(visit.link().to(SettingsTab.PROVISIONING.path()).orElseThrow(), "Provisioning");
    }

    private Response make(Visit visit) {
        var filled = filled(visit.form());
        DirectoryAccess.mustBeAllowed(visit.caller());
        var account = ids.opened(visit, what(ACCOUNT), filled.drafts().get(ACCOUNT));
        var token = ids.opened(visit, what(TOKEN), filled.drafts().get(TOKEN));
        if (account.isEmpty() || token.isEmpty()) {
            return form(visit, filled.with(drafted(visit)), Map.of(), FormIds.OUTDATED);
        }
        var faults = faults(visit, filled);
        if (!faults.isEmpty()) {
            return form(visit, filled, faults, "");
        }
        var draft = new Draft(KeyKind.ACCESS_TOKEN, new Keys.Key(token.get().id()), token.get().since());
        var wish = new DirectoryAccess.Wish(filled.name().strip(), filled.email().strip(), ends(visit, filled.ends()));
        try {
            return shown(visit, wish, db.write(visit.caller(),
                tx -> access.letIn(tx, new User.Id(account.get().id()), draft, wish)));
        } catch (Refused e) {
            return refused(visit, filled, e);
        }
    }

    private Response refused(Visit visit, Filled filled, Refused refused) {
        var problem = refused.problem();
        var faults = new LinkedHashMap<String, String>();
        switch (problem) {
            case Invalid _ -> List.of(NAME, EMAIL).forEach(field -> {
                var fault = Words.ofField(problem, field, filled.name());
                if (!fault.isEmpty()) {
                    faults.put(field, fault);
                }
            });
            case Unfit(var texts) when texts.getFirst().startsWith("expires_at") ->
                faults.put(ENDS, "Choose a day that ends at least 24 hours from now.");
            case Unfit _,Conflict _,Problem.LimitReached _ -> {}
            default -> throw refused;
        }
        return form(visit, filled, faults, faults.isEmpty() ? Words.of(problem) : "");
    }

    private static Map<String, String> faults(Visit visit, Filled filled) {
        var faults = new LinkedHashMap<String, String>();
        if (!Text.isVisible(filled.name())) {
            faults.put(NAME, "This must not be empty.");
        }
        if (!isDay(visit, filled.ends())) {
            faults.put(ENDS, "Enter a day, such as %s.".formatted(visit.times().today().plusYears(1)));
        }
        return faults;
    }

    private static boolean isDay(Visit visit, String typed) {
        try {
            return typed.isBlank() || typed.strip().length() == DAY_LENGTH && ends(visit, typed).isPresent();
        } catch (DateTimeException e) {
            return false;
        }
    }

    /// The end of the day, in the zone of the one who asks.
    private static Optional<Instant> ends(Visit visit, String typed) {
        return typed.isBlank() ? Optional.empty() : Optional.of(LocalDate.parse(typed.strip()).plusDays(1)
            .atStartOfDay(visit.times().zone()).toInstant());
    }

    private static Response shown(Visit visit, DirectoryAccess.Wish wish, Made made) {
        return switch (made) {
            case Made.Now(var issued) -> {
                var title = "Token for “" + Text.name(wish.name()) + "” created";
                yield visit.page("web/console/key-secret.jte", new KeySecretPage(visit.shell(Section.SETTINGS, title),
                    back(visit), title,
                    "Copy the token now. It is shown once, on this page only. Type it at your identity provider, with the "
                        + "address %s.".formatted(visit.absolute(ProvisioningPages.ADDRESS)),
                    Optional.of(new Secret("Token", issued.secret(), Curl.ofDirectory(visit, issued.secret()),
                        "It answers with the number of people, and the first of them."))));
            }
            case Made.Before(var at) -> visit.page("web/console/key-secret.jte", new KeySecretPage(
                visit.shell(Section.SETTINGS, "Token created before"), back(visit),
                "This token was created " + visit.times().told(at) + ".", "It can't be shown again.",
                Optional.empty()));
        };
    }
}
