package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.db.Tx;
import roster.core.provisioning.DirectoryMarks;
import roster.core.provisioning.DirectoryMarks.Mark;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// What pages say of people and roles that a directory looks after.
record FromDirectory(DirectoryMarks marks) {
    /// A line of the facts about a person or a role.
    ///
    /// @param text such as `Provisioned by Okta`
    public record Fact(String text, String note) {}

    private static String called(Mark mark) {
        return mark.directory().orElse("a directory");
    }

    Optional<Fact> of(Tx tx, User user) {
        return marks.ofUser(tx, user.org(), user.id()).map(mark -> mark.deleted()
            ? new Fact("Deleted by " + called(mark),
                "It does not see this person any more, unless it creates them again.")
            : new Fact("Provisioned by " + called(mark), "What it sends again replaces what is changed here."));
    }

    Optional<Fact> of(Tx tx, Role role) {
        return Optional.ofNullable(marks.ofRoles(tx, role.org(), List.of(role.id())).get(role.id()))
            .map(mark -> new Fact("Provisioned by " + called(mark),
                "It says who has this role and what it is called, and never which permissions it holds."));
    }

    /// What forms say that change a person; empty: nothing.
    String beforeEditing(Tx tx, User user) {
        return sending(tx, user).map(name -> name + " sends this person: what it sends again replaces what you change.")
            .orElse("");
    }

    /// What forms say that change the roles of a person; empty: nothing.
    String beforeGiving(Tx tx, User user) {
        return sending(tx, user)
            .map(name -> name + " looks after this person: roles that it fills come and go as it says.")
            .orElse("");
    }

    private Optional<String> sending(Tx tx, User user) {
        return marks.ofUser(tx, user.org(), user.id()).filter(mark -> !mark.deleted())
            .map(mark -> Words.capital(called(mark)));
    }

    /// What the form of a role says of its name; empty: nothing.
    String beforeRenaming(Tx tx, Org.Id org, Role.Id role) {
        return Optional.ofNullable(marks.ofRoles(tx, org, List.of(role)).get(role))
            .map(mark -> Words.capital(called(mark)) + " names this role, and may name it so again.").orElse("");
    }
}
