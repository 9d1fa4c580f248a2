package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.audit.TrailOfSettings;
import roster.core.directory.DirectoryFeature;
import roster.core.identity.IdentityFeature;
import roster.core.identity.Profile;
import roster.core.identity.Provider;
import roster.core.identity.ProviderCheck;
import roster.core.identity.Providers;
import roster.core.role.Roles;
import roster.core.saml.IdentityProviders;
import roster.door.web.console.Ask.Fact;
import roster.door.web.console.SettingField.Standing;
import roster.door.web.console.SettingsPage.Card;
import roster.door.web.console.SettingsPage.Shown;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.Stale;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;

/// `/console/settings/sign-in/new`, `/{id}`, `/{id}/remove`, `/{id}/check`: the providers of OpenID Connect.
public final class ProviderPages {
    static final String NEW = SettingsTab.SIGN_IN.path() + "/new";
    static final String PROVIDER = SettingsTab.SIGN_IN.path() + "/{id}";
    static final String REMOVE = PROVIDER + "/remove";
    static final String CHECK = PROVIDER + "/check";

    private static final String TAG = "tag";

    /// @param issuer of one that there is; empty: a new one
    /// @param callback where the provider sends browsers; empty: a new one
    /// @param steps what was found when it was checked; empty: it was not
    public record ProviderForm(Shell shell, Back back, String heading, String fault, String issuer, String callback,
        List<Card> cards, Map<String, String> began, String action, String cancel, Optional<String> check,
        Optional<String> remove, List<ProviderCheck.Step> steps, String lastFault) {
        public List<Field> fields() {
            return cards.stream().flatMap(card -> card.fields().stream()).map(Shown::field).toList();
        }
    }

    private final Database db;
    private final DirectoryFeature directory;
    private final IdentityFeature identity;
    private final IdentityProviders methods;
    private final Roles roles;

    ProviderPages(Database db, ConsoleDoor.Rooms rooms) {
        this.db = db;
        directory = rooms.directory();
        identity = rooms.identity();
        methods = rooms.saml().identityProviders;
        roles = rooms.role().roles;
    }

    void addTo(Console.Pages pages) {
        pages.getFresh(NEW, SettingsPages.CHANGE, visit -> page(visit, 200, Optional.empty(), Sent.NOTHING))
            .add("POST", NEW, SettingsPages.CHANGE, SessionMust.BE_FRESH, SettingsPages.BYTES_MAX, this::create)
            .getFresh(PROVIDER, SettingsPages.CHANGE, visit -> page(visit, 200, Optional.of(id(visit)), Sent.NOTHING))
            .add("POST", PROVIDER, SettingsPages.CHANGE, SessionMust.BE_FRESH, SettingsPages.BYTES_MAX, this::change)
            .getFresh(REMOVE, SettingsPages.CHANGE, visit -> ask(visit, 200, ""))
            .postFresh(REMOVE, SettingsPages.CHANGE, this::remove)
            .getFresh(CHECK, SettingsPages.CHANGE, visit -> visit.goOn(path(visit)))
            .postFresh(CHECK, SettingsPages.CHANGE, this::check);
    }

    /// What a product is called.
    static String product(Profile profile) {
        return switch (profile) {
            case GOOGLE -> "Google";
            case OKTA -> "Okta";
            case ENTRA -> "Microsoft Entra ID";
            case KEYCLOAK -> "Keycloak";
            case GENERIC -> "OpenID Connect";
        };
    }

    private static String id(Visit visit) {
        return visit.request().pathText("id");
    }

    private static String path(Visit visit) {
        return PROVIDER.replace("{id}", id(visit));
    }

    /// @param faults by field
    private record Sent(Map<String, Clash.Sent> values, Map<String, String> faults, String fault,
        Optional<ProviderCheck.Report> report) {
        private static final Sent NOTHING = new Sent(Map.of(), Map.of(), "", Optional.empty());
    }

    private List<Standing> standing(Visit visit, Tx tx, Optional<Provider> old) {
        return ProviderFields.of(old, old.flatMap(one -> one.terms().defaultRole())
            .flatMap(id -> roles.find(tx, visit.caller().org(), id)).map(Role::name).orElse(""));
    }

    private Response page(Visit visit, int status, Optional<String> id, Sent sent) {
        Providers.mustConfigure(visit.caller());
        visit.viewer();
        var menu = MappingPages.roleMenu(visit, directory, "None");
        return visit.read(tx -> {
            var old = id.map(one -> identity.providers.named(tx, visit.caller().org(), one));
            var heading = old.map(one -> one.terms().name()).orElse("Add a provider");
            var cards = new LinkedHashMap<String, List<Shown>>();
            var began = new LinkedHashMap<String, String>();
            for (var one : standing(visit, tx, old)) {
                var field = one.field().id();
                if (old.isPresent() && !field.equals(ProviderFields.SECRET)) {
                    began.put(Clash.BEGAN + field, Optional.ofNullable(sent.values().get(field))
                        .flatMap(Clash.Sent::began).orElse(one.text()));
                }
                cards.computeIfAbsent(one.field().card(), _ -> new ArrayList<>()).add(
                    field.equals(ProviderFields.ROLE) ? withMenu(shown(visit, one, old, sent), menu)
                        : shown(visit, one, old, sent));
            }
            var back = visit.link().to(SettingsTab.SIGN_IN.path()).orElseThrow();
            return visit.page(status, "web/console/provider.jte", new ProviderForm(
                visit.shell(Section.SETTINGS, (status < 400 ? "" : "Error: ") + heading), new Back(back, "Signing in"),
                heading, sent.fault(), old.map(one -> one.client().issuer()).orElse(""),
                old.map(one -> visit.absolute("/sign-in/callback/" + one.id())).orElse(""),
                SettingsForms.cards(cards), began,
                old.map(one -> visit.link().post(PROVIDER, one.id())).orElseGet(() -> visit.link().post(NEW))
                    .orElseThrow(),
                back, old.flatMap(one -> visit.link().post(CHECK, one.id())),
                old.flatMap(one -> visit.link().to(REMOVE, one.id())),
                sent.report().map(ProviderPages::steps).orElse(List.of()),
                sent.report().flatMap(ProviderCheck.Report::lastFault).orElse("")));
        });
    }

    private static Shown shown(Visit visit, Standing one, Optional<Provider> old, Sent sent) {
        var field = one.field();
        var secret = field.id().equals(ProviderFields.SECRET);
        var typed = secret ? "" : Optional.ofNullable(sent.values().get(field.id())).map(Clash.Sent::value)
            .orElse(one.text());
        var hint = secret ? old.flatMap(was -> was.client().secretSetAt()).map(at -> "Set "
            + Words.small(visit.times().brief(at).text()) + ". Empty: it stays.").orElse("") : field.hint();
        return SettingsForms.shown(Field.of(field.id(), field.label(), typed).hinting(hint)
            .faulty(sent.faults().getOrDefault(field.id(), "")), one);
    }

    private static List<ProviderCheck.Step> steps(ProviderCheck.Report report) {
        return report.steps().stream()
            .map(step -> new ProviderCheck.Step(Words.capital(step.name()), step.ok(), step.detail())).toList();
    }

    private static Shown withMenu(Shown role, Map<String, String> menu) {
        return new Shown(menu.isEmpty() ? role.field() : role.field().hinting(""), role.text(), role.choices(), menu,
            role.tall());
    }

    private static Map<String, String> typed(Map<String, Clash.Sent> values) {
        return values.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().value()));
    }

    /// The id of the role that is named, where one is.
    ///
    /// @param faults gets one if there is no such role
    private Optional<Optional<String>> role(Visit visit, Map<String, Clash.Sent> values, Map<String, String> faults) {
        var sent = values.get(ProviderFields.ROLE);
        if (sent == null) {
            return Optional.empty();
        }
        var found = MappingPages.role(visit, roles, sent.value());
        if (found.isEmpty() && !sent.value().isEmpty()) {
            faults.put(ProviderFields.ROLE, MappingPages.noRole(sent.value()));
        }
        return Optional.of(found.map(role -> role.id().toString()));
    }

    private Response create(Visit visit) {
        var values = SettingsForms.sent(visit.form(), ProviderFields.of(Optional.empty(), ""));
        var faults = new LinkedHashMap<String, String>();
        var role = role(visit, values, faults);
        if (!faults.isEmpty()) {
            return page(visit, 422, Optional.empty(), new Sent(values, faults, "", Optional.empty()));
        }
        try {
            var made = db.write(visit.caller(),
                tx -> identity.providers.create(tx, ProviderFields.edit(typed(values), true, role)));
            return visit.goOn(PROVIDER.replace("{id}", made.id().toString()), Notice.done(
                "%s is added. Enter the address below at the provider.".formatted(made.terms().name())));
        } catch (Refused e) {
            return refused(visit, Optional.empty(), values, e);
        }
    }

    private Response refused(Visit visit, Optional<String> id, Map<String, Clash.Sent> values, Refused why) {
        var faults = new LinkedHashMap<String, String>();
        return switch (why.problem()) {
            case Invalid problem -> {
                values.forEach((field, sent) -> faults.put(field, Words.ofField(problem, field, sent.value())));
                var all = faults.values().stream().allMatch(String::isEmpty) ? Words.of(problem) : "";
                yield page(visit, 422, id, new Sent(values, faults, all, Optional.empty()));
            }
            case Conflict _ -> page(visit, 422, id, new Sent(values, faults,
                "There is such a provider already: one of this issuer with this client id, or Google.",
                Optional.empty()));
            case Unfit problem -> page(visit, 422, id, new Sent(values, faults, Words.of(problem), Optional.empty()));
            case Stale _ -> clash(visit, values);
            default -> throw why;
        };
    }

    private Response change(Visit visit) {
        var form = visit.form();
        Providers.mustConfigure(visit.caller());
        var values =
            SettingsForms.sent(form, visit.read(tx -> standing(visit, tx, Optional.of(named(visit, tx)))));
        var faults = new LinkedHashMap<String, String>();
        var role = role(visit, values, faults);
        if (!faults.isEmpty()) {
            return page(visit, 422, Optional.of(id(visit)), new Sent(values, faults, "", Optional.empty()));
        }
        try {
            var changed = db.write(visit.caller(), tx -> {
                var back = new LinkedHashMap<String, String>();
                for (var now : standing(visit, tx, Optional.of(named(visit, tx)))) {
                    var sent = values.get(now.field().id());
                    if (sent != null && !now.field().id().equals(ProviderFields.SECRET)) {
                        if (Clash.isStale(sent, now.text())) {
                            throw new Refused(new Stale());
                        }
                        if (!sent.value().equals(now.text())) {
                            back.put(Clash.BEGAN + now.field().id(), sent.value());
                            back.put(now.field().id(), now.text());
                        }
                    }
                }
                identity.providers.update(tx, id(visit), ProviderFields.edit(typed(values), false, role));
                return back;
            });
            var name = visit.read(tx -> named(visit, tx)).terms().name();
            return visit.goOn(path(visit), changed.isEmpty() ? Notice.done(name + " is saved.")
                : Notice.done(name + " is changed.").with(
                    new Notice.Undo("Undo", PROVIDER, List.of(id(visit)), changed)));
        } catch (Refused e) {
            return refused(visit, Optional.of(id(visit)), values, e);
        }
    }

    private Provider named(Visit visit, Tx tx) {
        return identity.providers.named(tx, visit.caller().org(), id(visit));
    }

    private Response clash(Visit visit, Map<String, Clash.Sent> values) {
        visit.viewer();
        return visit.read(tx -> {
            var provider = named(visit, tx);
            var shown = new LinkedHashMap<>(values);
            shown.remove(ProviderFields.SECRET);
            var clashes = SettingsForms.clashes(standing(visit, tx, Optional.of(provider)), shown);
            return visit.page(412, "web/console/clash.jte", new ClashPage(
                visit.shell(Section.SETTINGS, "Error: changed meanwhile"),
                TrailOfSettings.latest(tx, visit.caller().org(), List.of(provider.id().value()), 1).stream()
                    .findFirst().map(entry -> Meanwhile.settings(visit, entry)).orElse("These settings were changed."),
                clashes, Map.of(), visit.link().post(PROVIDER, provider.id()).orElseThrow(),
                visit.link().to(PROVIDER, provider.id()).orElseThrow()));
        });
    }

    private Response ask(Visit visit, int status, String refusal) {
        Providers.mustConfigure(visit.caller());
        visit.viewer();
        return visit.read(tx -> {
            var provider = named(visit, tx);
            var name = provider.terms().name();
            var href = visit.link().to(PROVIDER, provider.id()).orElseThrow();
            return visit.page(status, "web/console/ask.jte", new Ask(
                visit.shell(Section.SETTINGS, "Remove " + name + "?"), new Back(href, name), "Remove " + name + "?",
                status == 412 ? "It was changed while you looked. Look again." : "",
                List.of(Fact.of("leave", "Sessions of those who signed in by it end"),
                    new Fact("swap", "Which accounts there are linked to which people is forgotten", true),
                    new Fact("key", "Its client secret is deleted", true)),
                refusal, Optional.empty(), visit.link().post(REMOVE, provider.id()).orElseThrow(),
                Map.of(TAG, provider.modifiedAt().toString()),
                "Remove " + name, true, href));
        });
    }

    private Response remove(Visit visit) {
        var tag = visit.form().text(TAG);
        try {
            var name = db.write(visit.caller(), tx -> {
                var found = named(visit, tx);
                if (!found.modifiedAt().toString().equals(tag)) {
                    throw new Refused(new Stale());
                }
                methods.remove(tx, id(visit));
                return found.terms().name();
            });
            return visit.goOn(SettingsTab.SIGN_IN.path(), Notice.done(name + " is removed."));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Unfit _ -> ask(visit, 422, Words.of(e.problem()));
                case Stale _ -> ask(visit, 412, "");
                default -> throw e;
            };
        }
    }

    private Response check(Visit visit) {
        visit.form();
        Providers.mustConfigure(visit.caller());
        var report = identity.check.of(visit.read(tx -> named(visit, tx)));
        return page(visit, 200, Optional.of(id(visit)), new Sent(Map.of(), Map.of(), "", Optional.of(report)));
    }
}
