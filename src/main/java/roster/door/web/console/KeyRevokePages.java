package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Response;
import roster.core.key.KeyActs;
import roster.core.key.KeyFeature;
import roster.core.key.ListedKey;
import roster.door.web.console.Ask.Fact;
import roster.model.Problem.Unavailable;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// `/console/keys/{kind}/{id}/revoke`, and `/console/keys/api/{id}/show`: each asks first.
public final class KeyRevokePages {
    private static final String TEMPLATE = "web/console/ask.jte";
    private static final String TYPED = "typed";

    private final Database db;
    private final KeyFeature key;

    KeyRevokePages(Database db, KeyFeature key) {
        this.db = db;
        this.key = key;
    }

    void addTo(Console.Pages pages, KeyTab tab) {
        pages.get(tab.revoke(), tab.revoking(), visit -> ask(visit, tab, 200, KeyOrigin.of(visit), ""))
            .post(tab.revoke(), tab.revoking(), visit -> revoke(visit, tab));
        if (tab.isApi()) {
            pages.getFresh(KeyTab.SHOW, tab.reading(), this::askToShow)
                .postFresh(KeyTab.SHOW, tab.reading(), this::show);
        }
    }

    private ListedKey found(Visit visit, KeyTab tab) {
        visit.viewer();
        return visit.read(tx -> key.lists.changeable(tx, visit.caller(), tab.kind(), visit.request().pathText("id")));
    }

    /// @param typed in the place of the name of the key
    private Response ask(Visit visit, KeyTab tab, int status, KeyOrigin origin, String typed) {
        var found = found(visit, tab);
        var act = "Revoke " + found.name();
        var field = Field.of(TYPED, "Type %s to go on".formatted(found.name()), typed)
            .hinting("It was used in the last 24 hours.");
        var wrong = status == 422 && KeyActs.mustBeTyped(found);
        var back = origin.way(visit, tab, found.owner()).back();
        return visit.page(status, TEMPLATE, new Ask(
            visit.shell(Section.KEYS, (status == 422 ? "Error: " : "") + act + "?"), back, act + "?", "",
            facts(visit, tab, found), refusal(visit, tab, found),
            KeyActs.mustBeTyped(found) ? Optional.of(wrong ? field.faulty("Type %s to go on.".formatted(found.name()))
                : field) : Optional.empty(),
            visit.link().post(tab.revoke(), found.id()).orElseThrow(), Map.of(KeyOrigin.NAME, origin.word()), act, true,
            back.href()));
    }

    private static List<Fact> facts(Visit visit, KeyTab tab, ListedKey found) {
        var facts = new ArrayList<Fact>();
        found.owner().filter(_ -> tab.hasScopes()).ifPresent(owner -> facts.add(Fact.of(
            owner.service() ? "robot" : "person", "It belongs to " + KeyWords.called(owner))));
        facts.add(Fact.of("clock", found.lastUsedAt().map(at -> "It was used last "
            + Words.small(visit.times().brief(at).text())).orElse("It was never used")));
        facts.add(new Fact("key", "Programs that use it are refused from then on", true));
        return facts;
    }

    /// Why it cannot be revoked; empty: it can, or that is not known.
    private String refusal(Visit visit, KeyTab tab, ListedKey found) {
        try {
            db.rehearse(visit.caller(),
                tx -> key.acts.revoke(tx, tab.kind(), found.id().toString(), found.name()));
            return "";
        } catch (Refused e) {
            return switch (e.problem()) {
                case Unfit _ -> Words.of(e.problem());
                case Unavailable _ -> "";
                default -> throw e;
            };
        }
    }

    private Response revoke(Visit visit, KeyTab tab) {
        var form = visit.form();
        var origin = KeyOrigin.of(form.text(KeyOrigin.NAME));
        var found = found(visit, tab);
        try {
            var done = db.write(visit.caller(), tx -> key.acts.revoke(tx, tab.kind(), found.id().toString(),
                form.text(TYPED)));
            return done ? visit.goOn(origin.way(visit, tab, found.owner()).path(),
                Notice.done("The %s %s is revoked.".formatted(tab.noun(), found.name())))
                : ask(visit, tab, 422, origin, form.text(TYPED));
        } catch (Refused e) {
            if (e.problem() instanceof Unfit) {
                return ask(visit, tab, 422, origin, "");
            }
            throw e;
        }
    }

    private Response askToShow(Visit visit) {
        var found = found(visit, KeyTab.API);
        var act = "Show " + found.name();
        var back = KeyOrigin.LIST.way(visit, KeyTab.API, found.owner()).back();
        return visit.page(TEMPLATE, new Ask(visit.shell(Section.KEYS, act + "?"), back, act + "?",
            "The key is shown in full.", List.of(Fact.of("document", "The audit trail notes that you saw it")), "",
            Optional.empty(), visit.link().post(KeyTab.SHOW, found.id()).orElseThrow(), Map.of(), "Show key", false,
            back.href()));
    }

    private Response show(Visit visit) {
        visit.form();
        visit.viewer();
        var opened = db.write(visit.caller(), tx -> key.apiKeys.show(tx, visit.request().pathText("id")));
        var title = "API key “" + opened.key().name() + "”";
        return visit.page("web/console/key-secret.jte", new KeySecretPage(visit.shell(Section.KEYS, title),
            KeyOrigin.LIST.way(visit, KeyTab.API, Optional.empty()).back(), title,
            "The audit trail notes that you saw it.",
            Optional.of(Curl.of(visit, KeyTab.API.kind(), opened.secret(), Optional.empty()))));
    }
}
