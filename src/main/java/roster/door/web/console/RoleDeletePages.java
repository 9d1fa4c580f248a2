package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.RoleImpact;
import roster.core.permission.Catalogue;
import roster.core.role.Roles;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// `/console/roles/{id}/delete`: asks before a role is deleted.
public final class RoleDeletePages {
    static final String DELETE = RolePages.ROLE + "/delete";

    /// How many of the permissions that users lose are named.
    private static final int NAMED = 10;

    /// @param facts one sentence each
    /// @param typed what must be typed; none: nothing
    /// @param refusal why it cannot be deleted; none: it can
    public record DeletePage(Shell shell, String name, String href, List<String> facts, Optional<Field> typed,
        Optional<String> refusal, Optional<String> changed, String action, String tag) {}

    private final Database db;
    private final DirectoryFeature directory;
    private final Roles roles;
    private final Catalogue catalogue;

    RoleDeletePages(Database db, DirectoryFeature directory, Roles roles, Catalogue catalogue) {
        this.db = db;
        this.directory = directory;
        this.roles = roles;
        this.catalogue = catalogue;
    }

    void addTo(Console.Pages pages) {
        var manage = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
        pages.getFresh(DELETE, manage, visit -> ask(visit, 200, Optional.empty(), false));
        pages.postFresh(DELETE, manage, this::delete);
    }

    private record Seen(Role role, RoleImpact impact) {
        private boolean isHeld() {
            return impact.people() + impact.serviceAccounts() > 0;
        }
    }

    private Seen seen(Visit visit) {
        return directory.directory.read(visit.caller(), view -> {
            var role = RolePages.role(view, visit);
            return new Seen(role, RoleImpact.of(view, catalogue, role, Set.of()));
        });
    }

    /// @param wrong what was typed, if it was not the name
    /// @param changed whether the role has changed since the page was looked at
    private Response ask(Visit visit, int status, Optional<String> wrong, boolean changed) {
        var seen = seen(visit);
        var role = seen.role();
        var shell = visit.shell(Section.ROLES, (wrong.isPresent() ? "Error: " : "") + "Delete " + role.name() + "?");
        var field = Field.of("typed", "Type the name of the role to go on", wrong.orElse(""))
            .hinting("It is called " + role.name() + ".");
        return visit.page(status, "web/console/role-delete.jte", new DeletePage(shell, role.name(),
            visit.link().to(RolePages.ROLE, role.id()).orElseThrow(), facts(seen),
            seen.isHeld() ? Optional.of(wrong.isPresent() ? field.faulty("Type " + role.name() + " to go on.") : field)
                : Optional.empty(),
            refusal(visit, role),
            changed ? Optional.of(role.name() + " was changed while you looked. Look again.") : Optional.empty(),
            visit.link().post(DELETE, role.id()).orElseThrow(), Roles.tag(role)));
    }

    private Optional<String> refusal(Visit visit, Role role) {
        try {
            return visit.read(tx -> {
                roles.mustBeDeletable(tx, role);
                return Optional.<String>empty();
            });
        } catch (Refused e) {
            if (e.problem() instanceof Problem.LastAdministrator || e.problem() instanceof Problem.Unfit) {
                return Optional.of(Words.of(e.problem()));
            }
            throw e;
        }
    }

    private static List<String> facts(Seen seen) {
        var facts = new ArrayList<String>();
        var impact = seen.impact();
        if (impact.people() > 0 || impact.serviceAccounts() == 0) {
            facts.add(impact.people() == 0 ? "No one holds it" : Words.people(impact.people())
                + (impact.people() == 1 ? " loses" : " lose") + " the role");
        }
        if (impact.serviceAccounts() > 0) {
            facts.add(Words.counted(impact.serviceAccounts(), "service account")
                + (impact.serviceAccounts() == 1 ? " loses" : " lose") + (impact.people() > 0 ? " it, too" : " it"));
        }
        var lost = impact.lost().stream().filter(effect -> effect.people() > 0).toList();
        lost.stream().limit(NAMED).forEach(effect -> facts.add(RoleWords.lost(effect)));
        if (lost.size() > NAMED) {
            facts.add("and " + Words.counted(lost.size() - NAMED, "more permission"));
        }
        facts.add(Words.counted(impact.administrators(), "active administrator")
            + (impact.administrators() == 1 ? " stays" : " stay"));
        facts.add("Role mappings that give it are deleted with it");
        facts.add("This can't be undone");
        return facts;
    }

    private Response delete(Visit visit) {
        var form = visit.form();
        var seen = seen(visit);
        var typed = form.text("typed");
        if (seen.isHeld() && !Text.name(typed).equals(seen.role().name())) {
            return ask(visit, 422, Optional.of(typed), false);
        }
        try {
            db.write(visit.caller(), tx -> {
                roles.mustBe(tx, seen.role().id().toString(), form.text("tag"));
                roles.delete(tx, seen.role().id().toString());
                return null;
            });
        } catch (Refused e) {
            if (e.problem() instanceof Stale) {
                return ask(visit, 412, Optional.empty(), true);
            }
            if (e.problem() instanceof Problem.LastAdministrator) {
                return ask(visit, 422, Optional.empty(), false);
            }
            throw e;
        }
        return visit.goOn(RolePages.PATH, Notice.done(seen.role().name() + " is deleted."
            + (seen.impact().people() == 0 ? "" : " " + Words.people(seen.impact().people()) + " lost it.")));
    }
}
