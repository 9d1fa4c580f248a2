package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.audit.TrailOfSettings;
import roster.core.directory.DirectoryFeature;
import roster.core.identity.AuthnMappings;
import roster.core.identity.AuthnMappings.Mapping;
import roster.core.role.Roles;
import roster.door.web.console.Ask.Fact;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// `/console/settings/mappings/new`, `/{id}/edit`, `/{id}/delete`, `/{id}/confirm`: adds, changes and removes role mappings.
public final class MappingPages {
    static final String NEW = SettingsTab.MAPPINGS.path() + "/new";
    static final String EDIT = SettingsTab.MAPPINGS.path() + "/{id}/edit";
    static final String DELETE = SettingsTab.MAPPINGS.path() + "/{id}/delete";
    static final String CONFIRM = SettingsTab.MAPPINGS.path() + "/{id}/confirm";

    private static final Needs MANAGE = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
    private static final String KEY = "attribute_key";
    private static final String VALUE = "attribute_value";
    private static final String ROLE = "role";
    private static final String TAG = "tag";
    private static final List<String> FIELDS = List.of(KEY, VALUE, ROLE);

    /// The most roles that can be chosen from on the page; beyond, the name is typed.
    private static final int ROLES_SHOWN = 50;

    /// @param roles by name; empty: the name is typed
    public record MappingForm(Shell shell, Back back, String heading, String fault, Field key, Field value, Field role,
        Map<String, String> roles, String action, Map<String, String> began, String cancel) {
        public List<Field> all() {
            return List.of(key, value, role);
        }
    }

    private final Database db;
    private final DirectoryFeature directory;
    private final AuthnMappings mappings;
    private final Roles roles;

    MappingPages(Database db, ConsoleDoor.Rooms rooms) {
        this.db = db;
        directory = rooms.directory();
        mappings = rooms.identity().authnMappings;
        roles = rooms.role().roles;
    }

    void addTo(Console.Pages pages) {
        pages.get(NEW, MANAGE, visit -> form(visit, 200, Optional.empty(), blank(), Map.of(), ""))
            .postFresh(NEW, MANAGE, this::create)
            .get(EDIT, MANAGE, this::edit)
            .postFresh(EDIT, MANAGE, this::change)
            .get(DELETE, MANAGE, visit -> ask(visit, 200))
            .postFresh(DELETE, MANAGE, this::delete)
            .get(CONFIRM, MANAGE, visit -> visit.goOn(SettingsTab.MAPPINGS.path()))
            .postFresh(CONFIRM, MANAGE, this::confirm);
    }

    private static String id(Visit visit) {
        return visit.request().pathText("id");
    }

    private Mapping named(Visit visit, Tx tx) {
        return mappings.named(tx, visit.caller().org(), id(visit));
    }

    private static Map<String, Clash.Sent> blank() {
        return filled(Map.of(KEY, "", VALUE, "", ROLE, ""));
    }

    private Map<String, String> stored(Tx tx, Visit visit, Mapping mapping) {
        var values = new LinkedHashMap<String, String>();
        values.put(KEY, mapping.attribute().key());
        values.put(VALUE, mapping.attribute().value());
        values.put(ROLE, roles.find(tx, visit.caller().org(), mapping.role()).map(Role::name).orElse(""));
        return values;
    }

    private static Map<String, Clash.Sent> filled(Map<String, String> values) {
        var all = new LinkedHashMap<String, Clash.Sent>();
        FIELDS.forEach(field -> all.put(field, new Clash.Sent(Optional.of(values.get(field)), values.get(field))));
        return all;
    }

    private static Map<String, Clash.Sent> sent(Form form) {
        var all = new LinkedHashMap<String, Clash.Sent>();
        FIELDS.forEach(field -> {
            var sent = Clash.sent(form, field);
            all.put(field, new Clash.Sent(sent.began(), sent.value().strip()));
        });
        return all;
    }

    private Response edit(Visit visit) {
        var values = visit.read(tx -> stored(tx, visit, named(visit, tx)));
        return form(visit, 200, Optional.of(id(visit)), filled(values), Map.of(), "");
    }

    /// @param id of the mapping that is changed; none: a new one
    private Response form(Visit visit, int status, Optional<String> id, Map<String, Clash.Sent> values,
        Map<String, String> faults, String fault) {
        var heading = id.isPresent() ? "Change a role mapping" : "Add a role mapping";
        var list = visit.link().to(SettingsTab.MAPPINGS.path()).orElseThrow();
        var options = roleMenu(visit, directory, "Choose a role");
        var began = new LinkedHashMap<String, String>();
        if (id.isPresent()) {
            values.forEach((field, sent) -> sent.began().ifPresent(was -> began.put(Clash.BEGAN + field, was)));
        }
        return visit.page(status, "web/console/mapping-form.jte", new MappingForm(
            visit.shell(Section.SETTINGS, (status == 200 ? "" : "Error: ") + heading), new Back(list, "Role mappings"),
            heading, fault,
            field(KEY, "Claim", "Its exact name, such as groups, or a path such as realm_access.roles.", values,
                faults),
            field(VALUE, "Value", "Compared exactly.", values, faults),
            field(ROLE, "Role", options.isEmpty() ? "Its exact name." : "", values, faults), options,
            id.map(one -> visit.link().post(EDIT, one)).orElseGet(() -> visit.link().post(NEW)).orElseThrow(), began,
            list));
    }

    /// The names of all roles, with one more line for none; empty if there are too many for a menu.
    static Map<String, String> roleMenu(Visit visit, DirectoryFeature directory, String none) {
        var names = directory.directory.read(visit.caller(), view -> view.allRoles(ROLES_SHOWN));
        var options = new LinkedHashMap<String, String>();
        if (!names.isEmpty()) {
            options.put("", none);
            names.forEach(role -> options.put(role.name(), role.name()));
        }
        return options;
    }

    private static Field field(String id, String label, String hint, Map<String, Clash.Sent> values,
        Map<String, String> faults) {
        return Field.of(id, label, values.get(id).value()).hinting(hint).faulty(faults.getOrDefault(id, ""));
    }

    /// The role of a name; none, and a fault, if there is none.
    private Optional<Role> role(Visit visit, String name, Map<String, String> faults) {
        var found = role(visit, roles, name);
        if (found.isEmpty()) {
            faults.put(ROLE, name.isEmpty() ? "Choose a role." : noRole(name));
        }
        return found;
    }

    /// The role of a name as it was typed.
    static Optional<Role> role(Visit visit, Roles roles, String name) {
        return name.isEmpty() || Text.isLonger(name, Role.NAME_MAX) ? Optional.empty()
            : visit.read(tx -> roles.withName(tx, visit.caller().org(), name));
    }

    static String noRole(String name) {
        return "There is no role “%s”.".formatted(Text.cut(name, Role.NAME_MAX));
    }

    private interface Act {
        Mapping done(Role role);
    }

    private Response create(Visit visit) {
        var values = sent(visit.form());
        return tried(visit, Optional.empty(), values, role -> db.write(visit.caller(), tx -> mappings.create(tx,
            values.get(KEY).value(), values.get(VALUE).value(), role.id().toString())),
            mapping -> Notice.done("Saved. %s gives %s.".formatted(called(values), values.get(ROLE).value())).with(
                new Notice.Undo("Undo", DELETE, List.of(mapping.id().value().toString()), Map.of(TAG, tag(mapping)))));
    }

    private interface Telling {
        Notice of(Mapping mapping);
    }

    private Response tried(Visit visit, Optional<String> id, Map<String, Clash.Sent> values, Act act, Telling told) {
        var faults = new LinkedHashMap<String, String>();
        var role = role(visit, values.get(ROLE).value(), faults);
        List.of(KEY, VALUE).forEach(field -> {
            if (values.get(field).value().isEmpty()) {
                faults.put(field, "This must not be empty.");
            }
        });
        if (!faults.isEmpty()) {
            return form(visit, 422, id, values, faults, "");
        }
        try {
            return visit.goOn(SettingsTab.MAPPINGS.path(), told.of(act.done(role.orElseThrow())));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Invalid problem -> {
                    List.of(KEY, VALUE).forEach(
                        field -> faults.put(field, Words.ofField(problem, field, values.get(field).value())));
                    yield form(visit, 422, id, values, faults, "");
                }
                case Conflict _ -> form(visit, 422, id, values, faults, "There is such a mapping already.");
                case Stale _ -> clash(visit, values);
                case NotFound _ -> form(visit, 412, Optional.empty(), values, Map.of(),
                    "The mapping, or its role, was deleted meanwhile. Save it to add it again.");
                default -> throw e;
            };
        }
    }

    /// `groups = support`
    private static String called(Map<String, Clash.Sent> values) {
        return values.get(KEY).value() + " = " + values.get(VALUE).value();
    }

    /// What a mapping is, for forms that act on it as it was shown.
    static String tag(Mapping mapping) {
        return mapping.modifiedAt().toString();
    }

    /// @throws Refused with [Stale]
    private void mustBe(Tx tx, Visit visit, String tag) {
        if (!tag(named(visit, tx)).equals(tag)) {
            throw new Refused(new Stale());
        }
    }

    /// What a form holds that undoes, so that nothing of others is lost.
    private static Map<String, String> back(Map<String, Clash.Sent> values) {
        var tag = new LinkedHashMap<String, String>();
        values.forEach((field, sent) -> tag.put(Clash.BEGAN + field, sent.value()));
        return tag;
    }

    private Response change(Visit visit) {
        var values = sent(visit.form());
        return tried(visit, Optional.of(id(visit)), values, role -> db.write(visit.caller(), tx -> {
            mustBeUnchanged(tx, visit, values);
            return mappings.update(tx, id(visit), new AuthnMappings.Edit(Optional.of(values.get(KEY).value()),
                Optional.of(values.get(VALUE).value()), Optional.of(role.id().toString())));
        }), _ -> {
            var back = back(values);
            values.forEach((field, sent) -> back.put(field, sent.began().orElse(sent.value())));
            return Notice.done("Saved. %s gives %s.".formatted(called(values), values.get(ROLE).value()))
                .with(new Notice.Undo("Undo", EDIT, List.of(id(visit)), back));
        });
    }

    private void mustBeUnchanged(Tx tx, Visit visit, Map<String, Clash.Sent> values) {
        var now = stored(tx, visit, named(visit, tx));
        if (FIELDS.stream().anyMatch(field -> Clash.isStale(values.get(field), now.get(field)))) {
            throw new Refused(new Stale());
        }
    }

    private Response clash(Visit visit, Map<String, Clash.Sent> values) {
        visit.viewer();
        return visit.read(tx -> {
            var mapping = named(visit, tx);
            var now = stored(tx, visit, mapping);
            var labels = Map.of(KEY, "Claim", VALUE, "Value", ROLE, "Role");
            var clashes = FIELDS.stream().map(field -> new Clash(field, labels.get(field),
                values.get(field).began().orElse(now.get(field)), now.get(field), values.get(field).value())).toList();
            return visit.page(412, "web/console/clash.jte", new ClashPage(
                visit.shell(Section.SETTINGS, "Error: changed meanwhile"),
                TrailOfSettings.latest(tx, visit.caller().org(), List.of(mapping.id().value()), 1).stream().findFirst()
                    .map(entry -> Meanwhile.settings(visit, entry)).orElse("These settings were changed."),
                clashes, Map.of(), visit.link().post(EDIT, mapping.id().value()).orElseThrow(),
                visit.link().to(SettingsTab.MAPPINGS.path()).orElseThrow()));
        });
    }

    private Response ask(Visit visit, int status) {
        visit.viewer();
        return visit.read(tx -> {
            var mapping = named(visit, tx);
            var values = filled(stored(tx, visit, mapping));
            var list = visit.link().to(SettingsTab.MAPPINGS.path()).orElseThrow();
            var facts = new ArrayList<Fact>();
            facts.add(Fact.of("shield", "Gives the role " + values.get(ROLE).value()));
            facts.add(Fact.of("people", "Those who have the role by it lose it when they sign in next"));
            return visit.page(status, "web/console/ask.jte", new Ask(
                visit.shell(Section.SETTINGS, "Remove a role mapping?"), new Back(list, "Role mappings"),
                "Remove the mapping of " + called(values) + "?",
                status == 412 ? "It was changed while you looked. Look again." : "", facts, "", Optional.empty(),
                visit.link().post(DELETE, mapping.id().value()).orElseThrow(), Map.of(TAG, tag(mapping)),
                "Remove the mapping",
                true, list));
        });
    }

    private Response delete(Visit visit) {
        var tag = visit.form().text(TAG);
        try {
            var was = db.write(visit.caller(), tx -> {
                mustBe(tx, visit, tag);
                var stored = stored(tx, visit, named(visit, tx));
                mappings.delete(tx, id(visit));
                return stored;
            });
            return visit.goOn(SettingsTab.MAPPINGS.path(), Notice.done("The mapping of %s is removed.".formatted(
                called(filled(was)))).with(new Notice.Undo("Undo", NEW, List.of(), was)));
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Stale) {
                return ask(visit, 412);
            }
            throw e;
        }
    }

    private Response confirm(Visit visit) {
        var tag = visit.form().text(TAG);
        var mapping = db.write(visit.caller(), tx -> {
            var found = named(visit, tx);
            return tag(found).equals(tag) ? Optional.of(mappings.confirm(tx, id(visit))) : Optional.<Mapping>empty();
        });
        return visit.goOn(SettingsTab.MAPPINGS.path(), mapping.map(MappingPages::confirmed).orElseGet(
            () -> new Notice(Notice.Kind.WAIT, "The mapping was changed while you looked. Look again.",
                Optional.empty())));
    }

    private static Notice confirmed(Mapping mapping) {
        return Notice.done("Confirmed. %s = %s gives its role again.".formatted(
            mapping.attribute().key(), mapping.attribute().value()));
    }
}
