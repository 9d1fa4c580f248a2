package roster.door.web.console;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.html.Form;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.directory.DirectoryFeature;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.core.role.RoleDraft;
import roster.core.role.RoleNames;
import roster.core.role.Roles;
import roster.door.web.console.RoleFormPage.Back;
import roster.door.web.console.RoleFormPage.Box;
import roster.door.web.console.RoleFormPage.Boxes;
import roster.door.web.console.RoleFormPage.Start;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// `/console/roles/new`, `/{id}/edit`, `/{id}/clone`: the form of a role. It changes nothing: what was filled in is reviewed
/// first, see [RoleReviewPages].
public final class RoleEditPages {
    static final String NEW = RolePages.PATH + "/new";
    static final String EDIT = RolePages.ROLE + "/edit";
    static final String CLONE = RolePages.ROLE + "/clone";

    /// The most roles that can be chosen from on the page.
    static final int ROLES_SHOWN = 50;

    /// All boxes, and what the role held before, by their names.
    private static final int FORM_BYTES = 64 << 10;

    private final DirectoryFeature directory;
    private final Roles roles;
    private final Catalogue catalogue;
    private final FromDirectory directories;

    RoleEditPages(DirectoryFeature directory, Roles roles, Catalogue catalogue, FromDirectory directories) {
        this.directories = directories;
        this.directory = directory;
        this.roles = roles;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        var manage = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
        pages.getFresh(NEW, manage, this::create);
        pages.add("POST", NEW, manage, SessionMust.BE_COMPLETE, FORM_BYTES, this::created);
        pages.getFresh(CLONE, manage, this::copy);
        pages.getFresh(EDIT, manage, this::edit);
        pages.add("POST", EDIT, manage, SessionMust.BE_COMPLETE, FORM_BYTES, this::edited);
    }

    /// The form of a new role that starts from another one.
    static ListAddress startingFrom(Role.Id role) {
        return ListAddress.of(NEW, List.of("from")).with("from", role.toString());
    }

    private Response copy(Visit visit) {
        var source = directory.directory.read(visit.caller(), view -> RolePages.role(view, visit));
        return visit.moved(startingFrom(source.id()));
    }

    /// What is filled in.
    ///
    /// @param was the name when the form was made
    /// @param held what the role that it changes or starts from held then
    /// @param fault of the name; empty: none
    private record Filled(String name, String was, Set<Permission> held, Set<Permission> ticked, String tag,
        String fault) {
        private Filled faulty(String text) {
            return new Filled(name, was, held, ticked, tag, text);
        }

        /// @param named whether the name is another one
        private RoleDraft draft(Catalogue catalogue, boolean named) {
            return RoleDraft.between(catalogue, Optional.of(Text.name(name)).filter(_ -> named), held,
                ticked.stream().map(Permission::name).toList());
        }
    }

    private Response create(Visit visit) {
        var wish = RoleWish.of(visit, catalogue);
        var source = wish.source().map(id -> source(visit, id));
        var held = source.map(Role::permissions).orElse(catalogue.defaults());
        var name = wish.draft().name().or(() -> source.map(role -> Text.cut(role.name(), Role.NAME_MAX - 10) + " copy"))
            .orElse("");
        return asked(visit, 200, source, new Filled(name, "", held, wish.draft().of(held),
            source.map(Roles::tag).orElse(""), ""));
    }

    private Role source(Visit visit, Role.Id id) {
        return directory.directory.read(visit.caller(), view -> view.role(id))
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
    }

    /// The form of a new role.
    private Response asked(Visit visit, int status, Optional<Role> source, Filled filled) {
        var link = visit.link();
        var title = source.map(role -> "Clone " + role.name()).orElse("New role");
        var back = source.flatMap(role -> link.to(RolePages.ROLE, role.id()).map(href -> new Back(href, role.name())))
            .orElseGet(() -> new Back(link.to(RolePages.PATH).orElseThrow(), "Roles"));
        return page(visit, status, title, back, link.post(NEW).orElseThrow(), Optional.of(start(visit, source, filled)),
            filled, source.map(role -> role.id().toString()).orElse(""));
    }

    private Start start(Visit visit, Optional<Role> source, Filled filled) {
        var all = choice(visit);
        return new Start(visit.link().to(NEW).orElseThrow(), all,
            source.map(role -> role.id().toString()).orElse(""), source.isPresent() ? "" : filled.name(),
            all.isEmpty() ? visit.link().to(new Picking(Picking.Purpose.NEW, "").address()) : Optional.empty());
    }

    /// All roles by name; none if there are too many to choose from.
    private Map<String, String> choice(Visit visit) {
        return directory.directory.read(visit.caller(),
            view -> view.allRoles(ROLES_SHOWN).stream().collect(Collectors.toMap(
                role -> role.id().toString(), Role::name, (one, _) -> one, LinkedHashMap::new)));
    }

    private Response edit(Visit visit) {
        var wish = RoleWish.of(visit, catalogue);
        var role = changeable(visit);
        return asked(visit, 200, role, new Filled(wish.draft().name().orElse(role.name()), role.name(),
            role.permissions(), wish.draft().of(role.permissions()), Roles.tag(role), ""));
    }

    private Role changeable(Visit visit) {
        var role = directory.directory.read(visit.caller(), view -> RolePages.role(view, visit));
        if (role.managed().isPresent()) {
            throw new Refused(new Unfit("Managed roles cannot be modified"));
        }
        return role;
    }

    /// The form of a role that there is.
    private Response asked(Visit visit, int status, Role role, Filled filled) {
        return page(visit, status, "Edit " + role.name(),
            new Back(visit.link().to(RolePages.ROLE, role.id()).orElseThrow(), role.name()),
            visit.link().post(EDIT, role.id()).orElseThrow(), Optional.empty(), filled, "");
    }

    private Response page(Visit visit, int status, String title, Back back, String action, Optional<Start> start,
        Filled filled, String from) {
        var shell = visit.shell(Section.ROLES, (filled.fault().isEmpty() ? "" : "Error: ") + title);
        var hidden = new LinkedHashMap<String, String>();
        hidden.put("held", RoleDraft.words(catalogue, shown(filled.held())));
        hidden.put("was", filled.was());
        hidden.put("from", from);
        hidden.put("tag", filled.tag());
        var name = Field.of("name", "Name", filled.name()).hinting(start.isPresent() ? "" : renaming(visit));
        return visit.page(status, "web/console/role-form.jte", new RoleFormPage(shell, title, back, action,
            filled.fault().isEmpty() ? name : name.faulty(filled.fault()), start, hidden, boxes(filled)));
    }

    private String renaming(Visit visit) {
        return Id.parse(visit.request().pathText("id")).map(id -> visit.read(
            tx -> directories.beforeRenaming(tx, visit.caller().org(), new Role.Id(id)))).orElse("");
    }

    private Set<Permission> shown(Set<Permission> permissions) {
        return catalogue.listed(permissions).stream().map(Entry::permission).collect(Collectors.toSet());
    }

    private List<Boxes> boxes(Filled filled) {
        var groups = new LinkedHashMap<String, List<Box>>();
        for (var entry : catalogue.listed()) {
            var permission = entry.permission();
            var fixed = catalogue.defaults().contains(permission) && filled.held().contains(permission);
            groups.computeIfAbsent(entry.group(), _ -> new ArrayList<>()).add(new Box(permission.name(),
                entry.displayName(), entry.description(), fixed || filled.ticked().contains(permission), fixed));
        }
        return groups.entrySet().stream().map(group -> new Boxes(group.getKey(),
            group.getValue().stream().filter(Box::ticked).count(), group.getValue())).toList();
    }

    /// What was sent.
    private Filled filled(Form form) {
        var held = RoleDraft.read(catalogue, "held", form.text("held"));
        var ticked = new HashSet<>(RoleDraft.between(catalogue, Optional.empty(), Set.of(), form.all("permission"))
            .add());
        held.stream().filter(catalogue.defaults()::contains).forEach(ticked::add);
        return new Filled(form.text("name"), form.text("was"), held, ticked, form.text("tag"), "");
    }

    /// What is wrong with the name, if anything.
    ///
    /// @param but the role that has the name already and may keep it
    private Optional<String> fault(Visit visit, String name, Optional<Role> but) {
        var fault = RoleNames.fault(name).map(problem -> problem instanceof Problem.Unfit ? "Enter a name."
            : "Use at most %d characters; this has %s.".formatted(Role.NAME_MAX, Words.number(Text.length(name))));
        return fault.isPresent() ? fault : visit.read(tx -> roles.withName(tx, visit.caller().org(), name))
            .filter(other -> but.filter(role -> role.id().equals(other.id())).isEmpty())
            .map(other -> "A role called " + other.name() + " exists already.");
    }

    private Response created(Visit visit) {
        var form = visit.form();
        var filled = filled(form);
        var wish = RoleWish.read(catalogue, name -> name.equals("from") ? form.text(name) : "");
        var fault = fault(visit, filled.name(), Optional.empty());
        if (fault.isPresent()) {
            return asked(visit, 422, wish.source().map(id -> source(visit, id)), filled.faulty(fault.get()));
        }
        return reviewed(visit, RoleReviewPages.NEW,
            new RoleWish(filled.draft(catalogue, true), "", wish.from(), filled.tag()));
    }

    private Response edited(Visit visit) {
        var filled = filled(visit.form());
        var role = changeable(visit);
        var fault = fault(visit, filled.name(), Optional.of(role));
        if (fault.isPresent()) {
            return asked(visit, 422, role, filled.faulty(fault.get()));
        }
        var draft = filled.draft(catalogue, !Text.name(filled.name()).equals(filled.was()));
        return reviewed(visit, RolePages.PATH + "/" + role.id() + "/review",
            new RoleWish(draft, draft.name().isPresent() ? filled.was() : "", "", filled.tag()));
    }

    private Response reviewed(Visit visit, String path, RoleWish wish) {
        return visit.goOn(path + wish.query(catalogue));
    }
}
