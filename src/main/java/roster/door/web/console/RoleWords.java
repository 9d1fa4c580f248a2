package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import roster.core.directory.RoleImpact;
import roster.core.directory.RoleImpact.Effect;
import roster.core.permission.Catalogue;
import roster.core.role.RoleComparison;
import roster.door.web.console.RoleReviewPage.Line;
import roster.model.Role;

/// What a change of a role means, in sentences.
final class RoleWords {
    private RoleWords() {}

    static List<Line> lines(RoleImpact impact) {
        return Stream.concat(impact.gained().stream().map(effect -> line(true, effect)),
            impact.lost().stream().map(effect -> line(false, effect))).toList();
    }

    /// Of a role that no one has yet.
    static List<Line> lines(RoleComparison compared) {
        return Stream.concat(compared.second().stream().map(entry -> new Line(true, entry.displayName(),
            entry.permission().name(), List.of())), compared.first().stream().map(
                entry -> new Line(false,
                    entry.displayName(), entry.permission().name(), List.of())))
            .toList();
    }

    private static Line line(boolean gained, Effect effect) {
        var label = effect.permission().displayName();
        var meaning = new ArrayList<String>();
        if (effect.people() > 0) {
            meaning.add(gained ? Words.number(effect.people()) + " of them gain" + s(effect.people()) + " " + label
                + ", which they hold from no other role" : lost(effect));
        } else if (effect.otherPeople() > 0) {
            meaning.add(gained ? "They hold it from another role already" : "They keep it from another role");
        }
        if (effect.serviceAccounts() > 0) {
            meaning.add(Words.counted(effect.serviceAccounts(), "service account")
                + (gained ? " gain" : " lose") + s(effect.serviceAccounts()) + " it");
        }
        return new Line(gained, label, effect.permission().permission().name(), meaning);
    }

    /// `201 lose Audit Logs Read; 13 keep it from another role`
    static String lost(Effect effect) {
        return Words.number(effect.people()) + " lose" + s(effect.people()) + " " + effect.permission().displayName()
            + (effect.otherPeople() == 0 ? "" : "; " + Words.number(effect.otherPeople()) + " keep"
                + s(effect.otherPeople()) + " it from another role");
    }

    /// The end of a verb.
    private static String s(long number) {
        return number == 1 ? "s" : "";
    }

    private static String hold(long number) {
        return " hold" + s(number);
    }

    static List<String> facts(RoleImpact impact) {
        var facts = new ArrayList<String>();
        if (impact.people() > 0 || impact.serviceAccounts() == 0) {
            facts.add(impact.people() == 0 ? "No one holds this role"
                : Words.people(impact.people()) + hold(impact.people()) + " this role");
        }
        if (impact.serviceAccounts() > 0) {
            facts.add(Words.counted(impact.serviceAccounts(), "service account") + hold(impact.serviceAccounts())
                + (impact.people() > 0 ? " it, too" : " this role"));
        }
        facts.add(Words.counted(impact.administrators(), "active administrator")
            + (impact.administrators() == 1 ? " stays" : " stay"));
        return facts;
    }

    /// `Support lead is changed: 2 permissions more, 1 fewer.`
    static String told(Catalogue catalogue, Role before, Role after) {
        var compared = RoleComparison.of(catalogue, before.permissions(), after.permissions());
        return after.name() + (compared.differences() == 0
            ? before.name().equals(after.name()) ? " stays as it was." : " has a new name."
            : " is changed: %s more, %s fewer.".formatted(Words.counted(compared.second().size(), "permission"),
                Words.number(compared.first().size())));
    }
}
