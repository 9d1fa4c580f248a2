package roster.door.web.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.html.Form;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.key.KeyActs;
import roster.core.key.KeyActs.Draft;
import roster.core.key.KeyActs.Made;
import roster.core.key.KeyFeature;
import roster.core.key.Keys;
import roster.core.user.Users;
import roster.door.web.console.KeyFormPage.Choice;
import roster.model.Id;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// `/console/keys/{kind}/new`: makes a key, and shows it once. The form holds the id that the key will have, so that it makes
/// one key however often it is sent.
public final class KeyNewPages {
    /// All boxes of scopes.
    static final int FORM_BYTES = 64 << 10;

    static final String SCOPE = "scope";
    static final String MAY = "may";
    static final String ALL = "all";
    static final String SOME = "some";

    private static final String OWNER = "owner";
    private static final String ENDS = "ends";
    private static final String EXAMPLE = "example";
    private static final String DRAFT = "key";

    /// For how long a token is good unless another day is chosen.
    private static final int USUAL_DAYS = 90;

    /// Such as 2027-02-28: longer years are beyond what is stored.
    private static final int DAY_LENGTH = 10;

    private final Database db;
    private final KeyFeature key;
    private final Users users;
    private final KeyOwners owners;
    private final FormIds ids;

    KeyNewPages(Database db, ConsoleDoor.Rooms rooms, FormIds ids) {
        this.db = db;
        this.key = rooms.key();
        this.users = rooms.user().users;
        this.owners = new KeyOwners(rooms);
        this.ids = ids;
    }

    void addTo(Console.Pages pages, KeyTab tab) {
        pages.getFresh(tab.create(), tab.creating(), visit -> form(visit, tab))
            .add("POST", tab.create(), tab.creating(), SessionMust.BE_FRESH, FORM_BYTES, visit -> make(visit, tab));
    }

    /// What is filled in.
    ///
    /// @param may [#ALL] or [#SOME]
    /// @param scopes that are ticked
    /// @param ends a day, as typed
    /// @param example the id of an API key; empty: none
    /// @param draft sealed
    private record Filled(String name, String owner, String may, List<String> scopes, String ends, String example,
        String draft, KeyOrigin origin) {
        private Filled with(String otherDraft) {
            return new Filled(name, owner, may, scopes, ends, example, otherDraft, origin);
        }
    }

    /// What is wrong with it, by field.
    private record Faults(Map<String, String> byField, String other) {
        private static final Faults NONE = new Faults(Map.of(), "");

        private Field with(Field field) {
            return field.faulty(byField.getOrDefault(field.id(), ""));
        }

        private boolean isEmpty() {
            return byField.isEmpty() && other.isEmpty();
        }
    }

    private Response form(Visit visit, KeyTab tab) {
        var query = visit.request().query();
        var examples = examples(visit, tab);
        return page(visit, tab, new Filled("", query.first(OWNER).orElse(""), ALL, List.of(),
            visit.times().today().plusDays(USUAL_DAYS).toString(), examples.keySet().stream().findFirst().orElse(""),
            ids.next(visit, tab.noun()), KeyOrigin.of(visit)), examples, Faults.NONE);
    }

    private Map<String, String> examples(Visit visit, KeyTab tab) {
        return tab == KeyTab.APPLICATION ? visit.read(tx -> key.acts.examples(tx, visit.caller())) : Map.of();
    }

    private Response page(Visit visit, KeyTab tab, Filled filled, Map<String, String> examples, Faults faults) {
        var owner = tab.hasScopes() ? owners.choice(visit, filled.owner()) : Optional.<Choice>empty();
        var title = "New " + tab.noun();
        var hidden = new LinkedHashMap<String, String>();
        hidden.put(DRAFT, filled.draft());
        hidden.put(KeyOrigin.NAME, filled.origin().word());
        var way = filled.origin().way(visit, tab, owners.known(visit, filled.owner()));
        return visit.page(faults.isEmpty() ? 200 : 422, "web/console/key-form.jte", new KeyFormPage(
            visit.shell(Section.KEYS, (faults.isEmpty() ? "" : "Error: ") + title), title, tab.lead(), way.back(),
            Optional.empty(), faults.other(), faults.with(Field.of("name", "Name", filled.name())
                .hinting("What it is for, such as terraform-prod.")),
            owner.map(choice -> new Choice(faults.with(choice.field()), choice.options(), choice.others())),
            tab == KeyTab.APPLICATION ? Optional.of(faults.with(Field.of(MAY, "What it may do", filled.may())))
                : Optional.empty(),
            tab == KeyTab.TOKENS ? Optional.of(faults.with(Field.of("scopes", "What it may do", "")
                .hinting("As far as its owner may.")))
                : Optional.empty(),
            tab.hasScopes() ? ScopeBoxes.of(visit, key.scopes, List.of(), filled.scopes()) : List.of(),
            tab == KeyTab.TOKENS ? Optional.of(faults.with(Field.of(ENDS, "Good until the end of", filled.ends())
                .hinting("A token of yours must end. One of a service account need not: leave this empty.")))
                : Optional.empty(),
            examples.isEmpty() ? Optional.empty() : Optional.of(example(filled, examples)),
            hidden, visit.link().post(tab.create()).orElseThrow(), "Create the key"));
    }

    private static Choice example(Filled filled, Map<String, String> examples) {
        var options = new LinkedHashMap<String, String>();
        options.put("", "None: from the variable DD_API_KEY");
        options.putAll(examples);
        return new Choice(Field.of(EXAMPLE, "API key for the example", filled.example())
            .hinting("You will be shown a call that uses the new key. It needs an API key too, and shows that one."),
            options, Optional.empty());
    }

    private static Filled filled(Form form) {
        return new Filled(form.text("name"), form.text(OWNER), form.text(MAY), form.all(SCOPE), form.text(ENDS),
            form.text(EXAMPLE), form.text(DRAFT), KeyOrigin.of(form.text(KeyOrigin.NAME)));
    }

    private Response make(Visit visit, KeyTab tab) {
        var filled = filled(visit.form());
        var id = ids.opened(visit, tab.noun(), filled.draft());
        if (id.isEmpty()) {
            return page(visit, tab, filled.with(ids.next(visit, tab.noun())), examples(visit, tab),
                new Faults(Map.of(), FormIds.OUTDATED));
        }
        var draft = new Draft(tab.kind(), new Keys.Key(id.get().id()), id.get().since());
        var faults = faults(visit, tab, filled);
        if (!faults.isEmpty()) {
            return page(visit, tab, filled, examples(visit, tab), faults);
        }
        var wish = new KeyActs.Wish(filled.name(), filled.may().equals(ALL) && tab == KeyTab.APPLICATION
            ? Optional.empty() : Optional.of(key.scopes.ordered(filled.scopes())),
            tab == KeyTab.TOKENS ? ends(visit, filled) : Optional.empty());
        try {
            return shown(visit, tab, filled, db.write(visit.caller(), tx -> {
                var made = key.acts.make(tx, draft, owner(tx, tab, filled), wish);
                return new Outcome(made, made instanceof Made.Now ? example(tx, tab, filled) : Optional.empty());
            }));
        } catch (Refused e) {
            return page(visit, tab, filled, examples(visit, tab), faults(e, filled));
        }
    }

    /// @param apiKey for the example
    private record Outcome(Made made, Optional<String> apiKey) {
        @Override
        public String toString() {
            return "Outcome[" + made + "]";
        }
    }

    private User owner(WriteTx tx, KeyTab tab, Filled filled) {
        return tab.isApi() || filled.owner().isEmpty()
            ? users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow()
            : users.named(tx, tx.org(), filled.owner());
    }

    private Response shown(Visit visit, KeyTab tab, Filled filled, Outcome outcome) {
        var back = filled.origin().way(visit, tab, owners.known(visit, filled.owner())).back();
        return switch (outcome.made()) {
            case Made.Now(var issued) -> {
                var title = "Key “" + Text.name(filled.name()) + "” created";
                yield visit.page("web/console/key-secret.jte", new KeySecretPage(visit.shell(Section.KEYS, title), back,
                    title,
                    "Copy the key now. It is shown once, on this page only. If you lose it, revoke it and create "
                        + "another.",
                    Optional.of(Curl.of(visit, tab.kind(), issued.secret(), outcome.apiKey()))));
            }
            case Made.Before(var at) -> {
                var title = "This key was created " + visit.times().told(at) + ".";
                yield visit.page("web/console/key-secret.jte", new KeySecretPage(visit.shell(Section.KEYS,
                    "Key created before"), back, title, "Its secret can't be shown again.", Optional.empty()));
            }
        };
    }

    /// An API key that went meanwhile is not shown; the example does without.
    private Optional<String> example(WriteTx tx, KeyTab tab, Filled filled) {
        return tab == KeyTab.APPLICATION && key.acts.examples(tx, tx.caller()).containsKey(filled.example())
            ? Optional.of(key.acts.example(tx, filled.example())) : Optional.empty();
    }

    /// The end of the day, in the zone of the one who asks.
    private static Optional<Instant> ends(Visit visit, Filled filled) {
        return filled.ends().isBlank() ? Optional.empty()
            : Optional.of(LocalDate.parse(filled.ends().strip()).plusDays(1).atStartOfDay(visit.times().zone())
                .toInstant());
    }

    /// What can be said before it is tried.
    private static Faults faults(Visit visit, KeyTab tab, Filled filled) {
        var faults = new LinkedHashMap<String, String>();
        if (tab == KeyTab.APPLICATION && !filled.may().equals(ALL) && filled.scopes().isEmpty()) {
            faults.put(MAY, "Tick at least one scope, or choose everything.");
        }
        if (tab == KeyTab.TOKENS && filled.scopes().isEmpty()) {
            faults.put("scopes", "Tick at least one scope.");
        }
        if (tab == KeyTab.TOKENS && !isDay(visit, filled)) {
            faults.put(ENDS, "Enter a day, such as %s.".formatted(visit.times().today().plusDays(USUAL_DAYS)));
        }
        return new Faults(faults, "");
    }

    private static boolean isDay(Visit visit, Filled filled) {
        try {
            return filled.ends().isBlank()
                || filled.ends().strip().length() == DAY_LENGTH && ends(visit, filled).isPresent();
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Faults faults(Refused refused, Filled filled) {
        var problem = refused.problem();
        return switch (problem) {
            case Invalid _ -> new Faults(byField(problem, filled), byField(problem, filled).isEmpty()
                ? Words.of(problem) : "");
            case Conflict _ -> new Faults(Map.of("name", Words.of(problem)), "");
            case Unfit(var texts) -> texts.getFirst().startsWith("expires_at")
                ? new Faults(Map.of(ENDS, "Choose a day that ends at least 24 hours from now."), "")
                : new Faults(Map.of(), Words.of(problem));
            case Forbidden _ -> new Faults(Map.of(), Words.of(problem));
            case NotFound _ -> new Faults(Map.of(), "This owner is not here any more.");
            default -> throw refused;
        };
    }

    private static Map<String, String> byField(Problem problem, Filled filled) {
        var faults = new LinkedHashMap<String, String>();
        var name = Words.ofField(problem, "name", filled.name());
        if (!name.isEmpty()) {
            faults.put("name", name);
        }
        if (!Words.ofField(problem, "expires_at").isEmpty()) {
            faults.put(ENDS, "Enter the last day on which it is to be good.");
        }
        return faults;
    }

    /// The form of a key of a service account.
    static Optional<String> forAccount(Link link, KeyTab tab, Id account) {
        return link.to(new ListAddress(tab.create(), List.of(OWNER, KeyOrigin.NAME),
            Map.of(OWNER, account.toString(), KeyOrigin.NAME, KeyOrigin.ACCOUNT.word())));
    }
}
