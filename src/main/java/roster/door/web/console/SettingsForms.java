package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.Form;
import roster.base.http.Response;
import roster.core.audit.TrailOfSettings;
import roster.door.web.console.SettingField.Standing;
import roster.door.web.console.SettingKind.Choice;
import roster.door.web.console.SettingsPage.Card;
import roster.door.web.console.SettingsPage.Extra;
import roster.door.web.console.SettingsPage.Said;
import roster.door.web.console.SettingsPage.Shown;
import roster.model.Problem.BadRequest;
import roster.model.Problem.Invalid;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// Shows and saves the forms of settings. A form holds what it was made from, and is not saved where that has changed since;
/// the notice that tells what was saved can take it back, by what the audit trail recorded.
final class SettingsForms {
    private static final String UNDO = "undo";

    /// Values that are told in a sentence, in characters.
    private static final int TOLD = 60;

    /// Entries among which the one is looked for that changed a setting last.
    private static final int LOOKED_AT = 50;

    private final Database db;

    SettingsForms(Database db) {
        this.db = db;
    }

    /// What a page has besides its form, read in the same moment.
    record Besides(List<Said> told, Extra extra) {}

    /// Reads what a page has besides its form.
    interface Reading extends Function<Tx, Besides> {}

    /// What was sent of each field, and what is wrong with it.
    private record Sent(Map<String, Clash.Sent> values, Map<String, String> faults, String fault) {
        private static final Sent NOTHING = new Sent(Map.of(), Map.of(), "");
    }

    Response show(Visit visit, SettingsSubject subject, Reading besides) {
        return page(visit, 200, subject, besides, Sent.NOTHING);
    }

    private Response page(Visit visit, int status, SettingsSubject subject, Reading reading, Sent sent) {
        visit.viewer();
        return visit.read(tx -> {
            var all = subject.standing(tx, visit.caller().org());
            var besides = reading.apply(tx);
            var began = new LinkedHashMap<String, String>();
            var cards = new LinkedHashMap<String, List<Shown>>();
            var action = visit.link().post(subject.tab().path());
            for (var one : all) {
                var id = one.field().id();
                if (action.isEmpty() && subject.isGuarded(id)) {
                    continue;
                }
                began.put(Clash.BEGAN + id, Optional.ofNullable(sent.values().get(id)).flatMap(Clash.Sent::began)
                    .orElse(one.text()));
                cards.computeIfAbsent(one.field().card(), _ -> new ArrayList<>()).add(shown(one, sent));
            }
            return visit.page(status, "web/console/settings.jte", new SettingsPage(
                subject.tab().head(visit, status != 200), besides.told(), sent.fault(),
                action, cards(cards), began, besides.extra()));
        });
    }

    /// @param cards by their titles
    static List<Card> cards(Map<String, List<Shown>> cards) {
        var all = new ArrayList<Card>();
        cards.forEach((title, fields) -> all.add(new Card("card-" + all.size(), title, fields)));
        return all;
    }

    private static Shown shown(Standing one, Sent sent) {
        var field = one.field();
        var value = Optional.ofNullable(sent.values().get(field.id())).map(Clash.Sent::value).orElse(one.text());
        var shown = Field.of(field.id(), field.label(), value).hinting(field.hint());
        return shown(shown.faulty(sent.faults().getOrDefault(field.id(), "")), one);
    }

    /// @param field with what was sent
    static Shown shown(Field field, Standing one) {
        var kind = one.field().kind();
        return new Shown(field, one.text().isEmpty() && kind instanceof SettingKind.Length
            ? "As this installation has it" : one.text(),
            kind instanceof Choice(var byWords) ? List.copyOf(byWords.keySet()) : List.of(),
            kind instanceof SettingKind.Menu(var words) ? words : Map.of(), kind.isTall());
    }

    /// Fields that others have changed meanwhile, and those that were sent.
    static List<Clash> clashes(List<Standing> now, Map<String, Clash.Sent> values) {
        return now.stream().filter(one -> values.containsKey(one.field().id())).map(one -> {
            var sent = values.get(one.field().id());
            return new Clash(one.field().id(), one.field().label(), sent.began().orElse(one.text()), one.text(),
                sent.value());
        }).toList();
    }

    Response save(Visit visit, SettingsSubject subject, Reading besides) {
        var form = visit.form();
        var all = visit.read(tx -> subject.standing(tx, visit.caller().org()));
        var undoes = form.text(UNDO);
        var values = undoes.isEmpty() ? sent(form, all)
            : visit.read(tx -> undoing(visit, tx, subject, version(undoes)));
        var faults = new LinkedHashMap<String, String>();
        values.forEach((id, sent) -> subject.fault(id, sent.value()).ifPresent(fault -> faults.put(id, fault)));
        if (!faults.isEmpty()) {
            return page(visit, 422, subject, besides, new Sent(values, faults, ""));
        }
        try {
            var done = db.write(visit.caller(), tx -> change(tx, subject, values));
            return visit.goOn(subject.tab().path(), told(subject, done, !undoes.isEmpty()));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Stale _ -> clash(visit, subject, values);
                case Invalid _,Unfit _ ->
                    page(visit, 422, subject, besides, new Sent(values, Map.of(), Words.of(e.problem())));
                default -> throw e;
            };
        }
    }

    /// What a form has sent of some fields; those that it has not sent are missing.
    static Map<String, Clash.Sent> sent(Form form, List<Standing> all) {
        var values = new LinkedHashMap<String, Clash.Sent>();
        for (var one : all) {
            var id = one.field().id();
            if (form.names().contains(id) || form.names().contains(Clash.YOURS + id)) {
                var sent = Clash.sent(form, id);
                values.put(id, new Clash.Sent(sent.began().map(SettingKind::clean), SettingKind.clean(sent.value())));
            }
        }
        return values;
    }

    private static long version(String sent) {
        if (!sent.matches("[0-9]{1,18}")) {
            throw new Refused(new BadRequest());
        }
        return Long.parseLong(sent);
    }

    /// What a write has changed, as a form that sets it back.
    private static Map<String, Clash.Sent> undoing(Visit visit, Tx tx, SettingsSubject subject, long version) {
        var org = visit.caller().org();
        var before = new LinkedHashMap<String, String>();
        var after = new LinkedHashMap<String, String>();
        TrailOfSettings.of(tx, org, subject.subjects(tx, org), version).forEach(entry -> {
            subject.recorded(entry, entry.before()).forEach(before::putIfAbsent);
            after.putAll(subject.recorded(entry, entry.after()));
        });
        var values = new LinkedHashMap<String, Clash.Sent>();
        before.forEach((id, was) -> values.put(id, new Clash.Sent(Optional.ofNullable(after.get(id))
            .map(SettingKind::clean), SettingKind.clean(was))));
        return values;
    }

    /// @param changed by the labels of fields, what they are now
    private record Done(long version, Map<String, String> changed) {}

    private static Done change(WriteTx tx, SettingsSubject subject, Map<String, Clash.Sent> values) {
        var changed = new LinkedHashMap<String, String>();
        var told = new LinkedHashMap<String, String>();
        for (var now : subject.standing(tx, tx.org())) {
            var sent = values.get(now.field().id());
            if (sent != null) {
                if (Clash.isStale(sent, now.text())) {
                    throw new Refused(new Stale());
                }
                if (!sent.value().equals(now.text())) {
                    changed.put(now.field().id(), sent.value());
                    told.put(now.field().label(), sent.value());
                }
            }
        }
        if (!changed.isEmpty()) {
            subject.set(tx, changed);
        }
        return new Done(tx.version(), told);
    }

    private static Notice told(SettingsSubject subject, Done done, boolean undone) {
        if (done.changed().isEmpty()) {
            return Notice.done("Nothing was changed.");
        }
        var labels = List.copyOf(done.changed().keySet());
        var value = done.changed().values().iterator().next();
        var text = labels.size() == 1 && !value.isEmpty() && value.length() <= TOLD && value.indexOf('\n') < 0
            ? "%s: %s.".formatted(labels.getFirst(), value)
            : Words.list(labels) + (labels.size() == 1 ? " is changed." : " are changed.");
        return Notice.done((undone ? "As it was: " : "Saved. ") + text)
            .with(new Notice.Undo(undone ? "Do it again" : "Undo", subject.tab().path(), List.of(),
                Map.of(UNDO, Long.toString(done.version()))));
    }

    private static Response clash(Visit visit, SettingsSubject subject, Map<String, Clash.Sent> values) {
        visit.viewer();
        return visit.read(tx -> {
            var org = visit.caller().org();
            var clashes = clashes(subject.standing(tx, org), values);
            return visit.page(412, "web/console/clash.jte", new ClashPage(
                visit.shell(Section.SETTINGS, "Error: changed meanwhile"), changed(visit, tx, subject), clashes,
                Map.of(), visit.link().post(subject.tab().path()).orElseThrow(),
                visit.link().to(subject.tab().path()).orElseThrow()));
        });
    }

    /// `Grace Hopper changed these settings at 14:06.`
    private static String changed(Visit visit, Tx tx, SettingsSubject subject) {
        var org = visit.caller().org();
        return TrailOfSettings.latest(tx, org, subject.subjects(tx, org), LOOKED_AT).stream()
            .filter(entry -> !subject.recorded(entry, entry.after()).isEmpty()).findFirst()
            .map(entry -> Meanwhile.settings(visit, entry)).orElse("These settings were changed.");
    }
}
