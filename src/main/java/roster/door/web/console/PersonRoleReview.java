package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.Holdings.Held;
import roster.core.role.HoldingsChange;
import roster.door.web.console.RoleReviewPage.Line;
import roster.model.Role;
import roster.model.User;

/// What other roles would mean to a person.
///
/// @param back to the form, with the boxes as they were ticked
/// @param lead such as `29 permissions now, 31 after`
/// @param roles that are given and taken
/// @param lines what each permission comes with or went with
/// @param facts one sentence each
/// @param refusal why it cannot be done; none: it can
/// @param action where it is sent; none: it cannot be done
public record PersonRoleReview(Shell shell, Back back, String title, String lead, List<Line> roles, List<Line> lines,
    List<String> facts, Optional<String> refusal, Optional<String> action, Map<String, String> fields, String cancel) {

    static List<Line> roles(Catalogue catalogue, List<Role> given, List<Role> taken) {
        var holdings = new Holdings(catalogue, List.of());
        return Stream.concat(given.stream().map(role -> line(true, role, holdings)),
            taken.stream().map(role -> line(false, role, holdings))).toList();
    }

    private static Line line(boolean given, Role role, Holdings holdings) {
        return new Line(given, role.name(), "", List.of(Words.counted(holdings.count(role), "permission")));
    }

    static List<Line> lines(HoldingsChange change) {
        return Stream.concat(change.gained().stream().map(held -> line(true, held, "Comes with ")),
            change.lost().stream().map(held -> line(false, held, "Came with "))).toList();
    }

    private static Line line(boolean gained, Held held, String how) {
        return new Line(gained, held.permission().displayName(), held.permission().permission().name(),
            List.of(how + Words.list(held.from().stream().map(Role::name).toList())
                + (gained ? "" : " alone")));
    }

    static String lead(HoldingsChange change) {
        return "%s now, %s after".formatted(Words.counted(change.before(), "permission"), Words.number(change.after()));
    }

    /// @param note what a directory does with their roles; empty: nothing
    static List<String> facts(HoldingsChange change, User user, boolean self, String note) {
        var facts = new ArrayList<String>();
        if (self && !change.lost().isEmpty()) {
            facts.add("These are your own roles. What you lose, another administrator must give back.");
        }
        switch (user.status()) {
            case ACTIVE ->
                facts.add("This counts at once, for %s sessions and keys, too.".formatted(self ? "your" : "their"));
            case PENDING -> facts.add("They have not joined yet. This counts once they have.");
            case DISABLED -> facts.add("They are disabled. This counts once they are enabled again.");
        }
        if (!change.kept().isEmpty()) {
            facts.add(change.kept().size() == 1
                ? "%s stays, as another role of %s holds it.".formatted(
                    change.kept().getFirst().permission().displayName(), self ? "yours" : "theirs")
                : "%s of what is taken stay, as other roles of %s hold them.".formatted(
                    Words.counted(change.kept().size(), "permission"), self ? "yours" : "theirs"));
        }
        if (!note.isEmpty()) {
            facts.add(note);
        }
        return facts;
    }
}
