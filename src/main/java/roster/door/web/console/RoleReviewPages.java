package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.RoleImpact;
import roster.core.permission.Catalogue;
import roster.core.permission.Catalogue.Entry;
import roster.core.role.RoleComparison;
import roster.core.role.Roles;
import roster.door.web.console.Notice.Undo;
import roster.door.web.console.RoleFormPage.Back;
import roster.door.web.console.RoleReviewPage.Choice;
import roster.door.web.console.RoleReviewPage.Gone;
import roster.door.web.console.RoleReviewPage.Mine;
import roster.door.web.console.RoleReviewPage.Merge;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.NotFound;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Role;

/// `/console/roles/new/review`, `/{id}/review`: what a new role or a change of one would do, before it is done.
public final class RoleReviewPages {
    static final String NEW = RoleEditPages.NEW + "/review";
    static final String REVIEW = RolePages.ROLE + "/review";

    private final Database db;
    private final DirectoryFeature directory;
    private final Roles roles;
    private final Catalogue catalogue;

    RoleReviewPages(Database db, DirectoryFeature directory, Roles roles, Catalogue catalogue) {
        this.db = db;
        this.directory = directory;
        this.roles = roles;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        var manage = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
        pages.getFresh(NEW, manage, visit -> reviewNew(visit, 200, RoleWish.of(visit, catalogue), Optional.empty()));
        pages.postFresh(NEW, manage, this::create);
        pages.getFresh(REVIEW, manage, this::review);
        pages.postFresh(REVIEW, manage, this::change);
    }

    private RoleWish sent(Visit visit) {
        return RoleWish.read(catalogue, visit.form()::text);
    }

    /// What an act would answer, or why it would be refused.
    private record Tried(Optional<Role> role, Optional<Problem> refusal) {}

    private Tried tried(Visit visit, Act act) {
        try {
            return new Tried(Optional.of(db.rehearse(visit.caller(), act::done)), Optional.empty());
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unavailable) {
                throw e;
            }
            return new Tried(Optional.empty(), Optional.of(e.problem()));
        }
    }

    private interface Act {
        Role done(WriteTx tx);
    }

    private static String say(Problem problem, RoleWish wish) {
        return problem instanceof Problem.Conflict
            ? "A role called " + wish.draft().name().orElse("") + " exists already." : Words.of(problem);
    }

    private Response review(Visit visit) {
        return reviewed(visit, 200, RoleWish.of(visit, catalogue), Optional.empty());
    }

    private Act changing(Visit visit, RoleWish wish) {
        var id = visit.request().pathText("id");
        return tx -> {
            roles.mustBe(tx, id, wish.tag());
            return roles.update(tx, id, wish.draft().edit(catalogue, roles.named(tx, tx.org(), id)));
        };
    }

    /// What a page of a role is made of: all as of one moment.
    private record Seen(Role role, RoleImpact impact) {}

    /// @param refused why it could not be done when it was tried
    private Response reviewed(Visit visit, int status, RoleWish asked, Optional<Problem> refused) {
        var before = directory.directory.read(visit.caller(), view -> RolePages.role(view, visit));
        var wish = asked.tag().isEmpty() ? asked.tagged(Roles.tag(before)) : asked;
        if (!wish.tag().equals(Roles.tag(before))) {
            return merge(visit, before, wish);
        }
        var tried = refused.map(problem -> new Tried(Optional.empty(), Optional.of(problem)))
            .orElseGet(() -> tried(visit, changing(visit, wish)));
        if (tried.refusal().filter(Stale.class::isInstance).isPresent()) {
            return merge(visit, current(visit), wish);
        }
        var after = tried.role().map(Role::permissions).orElseGet(() -> wish.draft().of(before.permissions()));
        var seen = directory.directory.read(visit.caller(), view -> {
            var role = RolePages.role(view, visit);
            return new Seen(role, RoleImpact.of(view, catalogue, role, after));
        });
        var nothing = tried.role().filter(role -> role.equals(seen.role())).isPresent();
        return visit.page(status, "web/console/role-review.jte", page(visit, seen, wish, after, nothing,
            tried.refusal().map(problem -> say(problem, wish))));
    }

    private Role current(Visit visit) {
        return visit.read(tx -> roles.named(tx, visit.caller().org(), visit.request().pathText("id")));
    }

    private RoleReviewPage page(Visit visit, Seen seen, RoleWish wish, Set<Permission> after, boolean nothing,
        Optional<String> refusal) {
        var role = seen.role();
        var link = visit.link();
        var query = wish.query(catalogue);
        var title = "Review the change to " + role.name();
        return new RoleReviewPage(visit.shell(Section.ROLES, title), title,
            new Back(link.to(RoleEditPages.EDIT, role.id()).orElseThrow() + query, "Change it again"),
            "Permissions: %s now, %s after".formatted(Words.number(catalogue.listed(role.permissions()).size()),
                Words.number(catalogue.listed(after).size())),
            wish.draft().name().filter(name -> !name.equals(role.name()))
                .map(name -> new Difference("Name", role.name(), name)),
            RoleWords.lines(seen.impact()), RoleWords.facts(seen.impact()),
            seen.impact().people() == 0 ? Optional.empty() : RolesShown.people(link, role.id()), refusal,
            nothing || refusal.isPresent() ? Optional.empty() : link.post(REVIEW, role.id()), wish.fields(catalogue),
            "Save " + role.name(), link.to(RolePages.ROLE, role.id()).orElseThrow());
    }

    private Response change(Visit visit) {
        var wish = sent(visit);
        var id = visit.request().pathText("id");
        record Done(Role before, Role after) {}
        try {
            var done = db.write(visit.caller(), tx -> {
                var before = roles.named(tx, tx.org(), id);
                return new Done(before, changing(visit, wish).done(tx));
            });
            var back = wish.draft().back(done.before());
            var notice = Notice.done(RoleWords.told(catalogue, done.before(), done.after()));
            return visit.goOn(RolePages.PATH + "/" + done.after().id(), back.isEmpty() ? notice
                : notice.with(new Undo("Undo", REVIEW, List.of(id), new RoleWish(back,
                    back.name().isPresent() ? done.after().name() : "", "", Roles.tag(done.after()))
                    .fields(catalogue))));
        } catch (Refused e) {
            return switch (e.problem()) {
                case NotFound _ -> gone(visit, wish);
                case Stale _ -> merge(visit, current(visit), wish);
                case Problem.LastAdministrator _,Problem.Conflict _,Problem.Forbidden _ ->
                    reviewed(visit, 422, wish, Optional.of(e.problem()));
                default -> throw e;
            };
        }
    }

    /// Others have changed the role since.
    private Response merge(Visit visit, Role now, RoleWish wish) {
        var shell = visit.shell(Section.ROLES, "This was changed while you were editing");
        var link = visit.link();
        var left = wish.draft().left(now);
        var name = wish.draft().name().filter(_ -> left.name().isPresent())
            .map(yours -> new Choice(wish.was().isEmpty() ? now.name() : wish.was(), now.name(), yours,
                !wish.was().isEmpty() && !wish.was().equals(now.name())));
        var kept = new ArrayList<Mine>();
        catalogue.listed(wish.draft().add()).forEach(entry -> kept.add(mine(entry, true, left.add())));
        catalogue.listed(wish.draft().drop()).forEach(entry -> kept.add(mine(entry, false, left.drop())));
        return visit.page(412, "web/console/role-merge.jte", new Merge(shell, now.name(),
            now.modifiedBy().orElse("Someone") + " changed " + now.name() + " on "
                + shell.times().full(now.modifiedAt()).text()
                + ". Your changes are not saved yet. Choose what to keep.",
            link.to(REVIEW, now.id()).orElseThrow(), Roles.tag(now), now.name(), name, kept,
            link.to(RolePages.ROLE, now.id()).orElseThrow()));
    }

    private static Mine mine(Entry entry, boolean add, Set<Permission> left) {
        var has = "Has it";
        var not = "Has it not";
        var done = !left.contains(entry.permission());
        return new Mine(add ? "add" : "drop", entry.displayName(), entry.permission().name(), add ? not : has,
            add == done ? has : not, add ? has : not, done);
    }

    private Response gone(Visit visit, RoleWish wish) {
        var typed = new ArrayList<String>();
        wish.draft().name().ifPresent(name -> typed.add("Name: " + name));
        catalogue.listed(wish.draft().add()).forEach(entry -> typed.add("Add " + entry.displayName()));
        catalogue.listed(wish.draft().drop()).forEach(entry -> typed.add("Take away " + entry.displayName()));
        return visit.page(412, "web/console/role-gone.jte",
            new Gone(visit.shell(Section.ROLES, "This role was deleted"),
                "This role was deleted while you were editing", typed, visit.link().to(RolePages.PATH).orElseThrow()));
    }

    private Act creating(RoleWish wish) {
        return tx -> {
            var source = wish.source().map(id -> {
                roles.mustBe(tx, id.toString(), wish.tag());
                return roles.named(tx, tx.org(), id.toString());
            });
            return roles.create(tx, wish.draft().name().orElse(""), wish.draft().ids(catalogue,
                source.map(Role::permissions).orElse(catalogue.defaults())), true, List.of());
        };
    }

    /// @param refused why it could not be done when it was tried
    private Response reviewNew(Visit visit, int status, RoleWish asked, Optional<Problem> refused) {
        var source = asked.source().map(id -> visit.read(tx -> roles.named(tx, visit.caller().org(), id.toString())));
        var wish = asked.tag().isEmpty() ? asked.tagged(source.map(Roles::tag).orElse("")) : asked;
        var base = source.map(Role::permissions).orElse(catalogue.defaults());
        var stale = source.filter(role -> !Roles.tag(role).equals(wish.tag())).isPresent();
        var current = stale ? wish.tagged(Roles.tag(source.orElseThrow())) : wish;
        var tried = refused.map(problem -> new Tried(Optional.empty(), Optional.of(problem)))
            .orElseGet(() -> tried(visit, creating(current)));
        var after = tried.role().map(Role::permissions).orElseGet(() -> wish.draft().of(base));
        var name = wish.draft().name().orElse("");
        var title = "Review the new role " + name;
        var link = visit.link();
        var query = current.query(catalogue);
        var facts = new ArrayList<String>();
        if (stale) {
            facts.add(source.orElseThrow().name() + ", which it starts from, was changed meanwhile: look again");
        }
        source.ifPresent(role -> facts.add("It starts from " + role.name()));
        facts.add("No one holds it yet");
        var compared = RoleComparison.of(catalogue, base, after);
        return visit.page(stale ? 412 : status, "web/console/role-review.jte", new RoleReviewPage(
            visit.shell(Section.ROLES, title), title, new Back(link.to(RoleEditPages.NEW).orElseThrow() + query,
                "Change it again"),
            "Permissions: " + Words.number(catalogue.listed(after).size())
                + (source.isPresent() ? "" : ", " + catalogue.listed(catalogue.defaults()).size()
                    + " of which every role has"),
            Optional.empty(), RoleWords.lines(compared), facts, Optional.empty(),
            tried.refusal().map(problem -> say(problem, wish)),
            tried.refusal().isPresent() ? Optional.empty() : link.post(NEW), current.fields(catalogue),
            "Create the role " + name, link.to(RolePages.PATH).orElseThrow()));
    }

    private Response create(Visit visit) {
        var wish = sent(visit);
        try {
            var role = db.write(visit.caller(), creating(wish)::done);
            return visit.goOn(RolePages.PATH + "/" + role.id(),
                Notice.done("The role " + role.name() + " is created. No one holds it yet."));
        } catch (Refused e) {
            return switch (e.problem()) {
                case Stale _ -> reviewNew(visit, 412, wish, Optional.empty());
                case Problem.Conflict _,Problem.Unfit _,Problem.Invalid _,Problem.Forbidden _ ->
                    reviewNew(visit, 422, wish, Optional.of(e.problem()));
                default -> throw e;
            };
        }
    }
}
