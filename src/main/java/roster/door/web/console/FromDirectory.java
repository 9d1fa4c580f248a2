package roster.door.web.console;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /// The same at the beginning of a sentence, where names and addresses stay as they are.
    private static String beginning(Mark mark) {
        return mark.directory().orElse("A directory");
    }

    private static String provisioned(Mark mark) {
        return "Provisioned by " + called(mark);
    }

    Optional<Fact> of(Tx tx, User user) {
        return marks.ofUser(tx, user.org(), user.id()).map(mark -> mark.deleted()
            ? new Fact("Deleted by " + called(mark),
                "It does not see this person any more, unless it creates them again.")
            : new Fact(provisioned(mark), "What it sends again replaces what is changed here."));
    }

    Optional<Fact> of(Tx tx, Role role) {
        return Optional.ofNullable(marks.ofRoles(tx, role.org(), List.of(role.id())).get(role.id()))
            .map(mark -> new Fact(provisioned(mark),
                "It says who has this role and what it is called, and never which permissions it holds."));
    }

    /// What lists say of those whom a directory looks after.
    Map<User.Id, String> ofPeople(Tx tx, Org.Id org, Collection<User.Id> people) {
        var texts = new HashMap<User.Id, String>();
        marks.ofUsers(tx, org, people).forEach((id, mark) -> {
            if (!mark.deleted()) {
                texts.put(id, provisioned(mark));
            }
        });
        return texts;
    }

    /// What lists say of roles that a directory fills.
    Map<Role.Id, String> ofRoles(Tx tx, Org.Id org, Collection<Role.Id> roles) {
        var texts = new HashMap<Role.Id, String>();
        marks.ofRoles(tx, org, roles).forEach((id, mark) -> texts.put(id, provisioned(mark)));
        return texts;
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
            .map(FromDirectory::beginning);
    }

    /// What the form of a role says of its name; empty: nothing.
    String beforeRenaming(Tx tx, Org.Id org, Role.Id role) {
        return Optional.ofNullable(marks.ofRoles(tx, org, List.of(role)).get(role))
            .map(mark -> beginning(mark) + " names this role, and may name it so again.").orElse("");
    }
}
