package roster.door.web.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.audit.TrailOfKey;
import roster.core.key.KeyActs;
import roster.core.key.KeyFeature;
import roster.core.key.KeyKind;
import roster.core.key.ListedKey;
import roster.door.web.console.KeyFormPage.Facts;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// `/console/keys/{kind}/{id}/edit`: the name and the scopes of a key.
public final class KeyEditPages {
    private static final Needs TRAIL = Needs.sessionOf(Permission.AUDIT_LOGS_READ);
    private static final String NAME = "name";
    private static final String SCOPES = "scopes";
    private static final String TAG = "tag";

    private final Database db;
    private final KeyFeature key;

    KeyEditPages(Database db, KeyFeature key) {
        this.db = db;
        this.key = key;
    }

    void addTo(Console.Pages pages, KeyTab tab) {
        pages.get(tab.edit(), tab.editing(), visit -> {
            var found = found(visit, tab);
            return page(visit, tab, found, stored(found, KeyOrigin.of(visit)), Optional.empty());
        });
        pages.add("POST", tab.edit(), tab.editing(), tab.isApi() ? SessionMust.BE_COMPLETE : SessionMust.BE_FRESH,
            KeyNewPages.FORM_BYTES, visit -> save(visit, tab));
    }

    /// What is filled in, and what the form was made from.
    ///
    /// @param scopes none: everything
    private record Filled(String name, Optional<List<String>> scopes, String wasName, String wasScopes, String tag,
        KeyOrigin origin) {}

    private static Filled stored(ListedKey key, KeyOrigin origin) {
        return new Filled(key.name(), key.scopes(), key.name(), KeyWords.scopes(key.scopes()), key.tag(), origin);
    }

    private ListedKey found(Visit visit, KeyTab tab) {
        visit.viewer();
        return visit.read(tx -> key.lists.changeable(tx, visit.caller(), tab.kind(), visit.request().pathText("id")));
    }

    private Response page(Visit visit, KeyTab tab, ListedKey found, Filled filled, Optional<Problem> problem) {
        var title = "Edit " + found.name();
        var hidden = new LinkedHashMap<String, String>();
        hidden.put("was_" + NAME, filled.wasName());
        hidden.put("was_" + SCOPES, filled.wasScopes());
        hidden.put(TAG, filled.tag());
        hidden.put(KeyOrigin.NAME, filled.origin().word());
        var name = Field.of(NAME, "Name", filled.name());
        var may = Field.of(KeyNewPages.MAY, "What it may do",
            filled.scopes().isEmpty() ? KeyNewPages.ALL : KeyNewPages.SOME);
        var scopes = Field.of(SCOPES, "What it may do", "").hinting("As far as its owner may.");
        var empty = filled.scopes().filter(List::isEmpty).isPresent() && problem.isPresent();
        var tick = empty ? "Tick at least one scope." : "";
        return visit.page(problem.isEmpty() ? 200 : 422, "web/console/key-form.jte", new KeyFormPage(
            visit.shell(Section.KEYS, (problem.isEmpty() ? "" : "Error: ") + title), title, lead(found),
            filled.origin().way(visit, tab, found.owner()).back(), Optional.of(facts(visit, tab, found)),
            problem.filter(one -> !empty && !isOfName(one)).map(Words::of).orElse(""),
            problem.map(one -> name.faulty(fault(one, filled.name()))).orElse(name), Optional.empty(),
            tab == KeyTab.APPLICATION ? Optional.of(may.faulty(tick)) : Optional.empty(),
            tab == KeyTab.TOKENS ? Optional.of(scopes.faulty(tick)) : Optional.empty(),
            tab.hasScopes() ? ScopeBoxes.of(visit, key.scopes, found.scopes().orElse(List.of()),
                filled.scopes().orElse(List.of())) : List.of(),
            Optional.empty(), Optional.empty(), hidden, visit.link().post(tab.edit(), found.id()).orElseThrow(),
            "Save"));
    }

    private static Facts facts(Visit visit, KeyTab tab, ListedKey found) {
        var times = visit.times();
        var own = found.owner().map(ListedKey.Owner::id).equals(visit.caller().user());
        var everything = tab.hasScopes() && found.scopes().isEmpty();
        return new Facts(tab.ends(), KeyWords.ends(found),
            tab.hasScopes() ? Optional.of(everything && own ? "Everything you may do" : KeyWords.scopes(found.scopes()))
                : Optional.empty(),
            !everything ? Optional.empty() : own ? visit.link().to(MePages.PERMISSIONS)
                : found.owner().filter(owner -> !owner.service())
                    .flatMap(owner -> visit.link().to(PersonPages.PERMISSIONS, owner.id())),
            found.lastUsedAt().map(times::full), times.full(found.createdAt()), found.expiresAt().map(times::full),
            visit.link().to(ListAddress.of(AuditPages.PATH, AuditPages.ORDER).with("q", found.id().toString())
                .with("when", "30d")));
    }

    private static String lead(ListedKey found) {
        return found.kind() == KeyKind.API_KEY ? ""
            : found.owner().map(owner -> "It belongs to " + KeyWords.called(owner) + ".").orElse("");
    }

    private static boolean isOfName(Problem problem) {
        return problem instanceof Invalid || problem instanceof Conflict;
    }

    private static String fault(Problem problem, String typed) {
        return problem instanceof Conflict ? Words.of(problem) : Words.ofField(problem, NAME, typed);
    }

    private Filled filled(Form form, KeyTab tab) {
        var scopes = Clash.sent(form, SCOPES);
        return new Filled(Clash.sent(form, NAME).value(), !tab.hasScopes() ? Optional.empty()
            : form.names().contains("yours_" + SCOPES) ? read(scopes.value())
            : tab == KeyTab.APPLICATION && form.text(KeyNewPages.MAY).equals(KeyNewPages.ALL) ? Optional.empty()
            : Optional.of(key.scopes.ordered(form.all(KeyNewPages.SCOPE))),
            form.text("was_" + NAME), scopes.began().orElse(""), form.text(TAG),
            KeyOrigin.of(form.text(KeyOrigin.NAME)));
    }

    /// Scopes as [KeyWords#scopes] tells them.
    private static Optional<List<String>> read(String told) {
        return told.equals(KeyWords.EVERYTHING) ? Optional.empty()
            : Optional.of(told.equals("Nothing") ? List.of() : Visit.several(told));
    }

    private Response save(Visit visit, KeyTab tab) {
        var filled = filled(visit.form(), tab);
        var id = visit.request().pathText("id");
        if (filled.scopes().filter(List::isEmpty).isPresent()) {
            return page(visit, tab, found(visit, tab), filled, Optional.of(new Unfit("Tick at least one scope")));
        }
        try {
            var changed = db.write(visit.caller(), tx -> key.acts.change(tx, tab.kind(), id, filled.tag(),
                new KeyActs.Wish(filled.name(), filled.scopes(), Optional.empty())));
            var owner = found(visit, tab).owner();
            return visit.goOn(filled.origin().way(visit, tab, owner).path(),
                Notice.done(changed ? "The key is saved." : "Nothing was changed."));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Stale _ -> changed(visit, tab, filled);
                case Invalid _,Conflict _,Unfit _,Forbidden _ ->
                    page(visit, tab, found(visit, tab), filled, Optional.of(e.problem()));
                case NotFound _ when !filled.wasName().isEmpty() -> gone(visit, tab, filled);
                default -> throw e;
            };
        }
    }

    private Response changed(Visit visit, KeyTab tab, Filled filled) {
        var now = found(visit, tab);
        var fields = new LinkedHashMap<String, String>();
        fields.put(TAG, now.tag());
        fields.put(KeyOrigin.NAME, filled.origin().word());
        var name = new Clash(NAME, "Name", filled.wasName(), now.name(), filled.name().strip());
        var scopes = new Clash(SCOPES, "What it may do", filled.wasScopes(), KeyWords.scopes(now.scopes()),
            KeyWords.scopes(filled.scopes()));
        return visit.page(412, "web/console/clash.jte", new ClashPage(
            visit.shell(Section.KEYS, "Error: changed meanwhile"), told(visit, now, filled),
            tab.hasScopes() ? List.of(name, scopes) : List.of(name), fields,
            visit.link().post(tab.edit(), now.id()).orElseThrow(),
            filled.origin().way(visit, tab, now.owner()).back().href()));
    }

    /// Who it was is told to those who may read the trail.
    private static String told(Visit visit, ListedKey now, Filled filled) {
        var called = "“" + filled.wasName() + "”";
        return visit.read(tx -> TrailOfKey.latestChange(tx, visit.caller().org(), now.id(),
            now.kind() == KeyKind.API_KEY ? Optional.empty() : now.owner().map(ListedKey.Owner::id)))
            .map(entry -> TRAIL.areMetBy(visit.caller())
                ? Meanwhile.actor(visit, entry) + " changed " + called + " " + visit.times().told(entry.at()) + "."
                : called + " was changed " + visit.times().told(entry.at()) + ".")
            .orElse(called + " was changed.");
    }

    private static Response gone(Visit visit, KeyTab tab, Filled filled) {
        var typed = new LinkedHashMap<String, String>();
        typed.put("Name", filled.name());
        if (tab.hasScopes()) {
            typed.put("What it may do", KeyWords.scopes(filled.scopes()));
        }
        var back = filled.origin().way(visit, tab, Optional.empty()).back();
        return visit.page(412, "web/console/gone.jte", new Meanwhile.Gone(
            visit.shell(Section.KEYS, "Error: gone meanwhile"), "“" + filled.wasName() + "” was revoked meanwhile.",
            typed, back.href(), "Show all keys"));
    }
}
