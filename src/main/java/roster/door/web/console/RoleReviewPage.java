package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.door.web.console.RoleFormPage.Back;

/// What a change of a role, or a new one, would do.
///
/// @param back to the form, with what was filled in
/// @param lead such as `29 permissions now, 31 after`
/// @param name what it is called and would be called; none: it stays
/// @param lines what each permission means to those who have the role
/// @param facts one sentence each
/// @param people who have it; none: no one does, or the caller may not open it
/// @param refusal why it cannot be done; none: it can
/// @param action where it is sent; none: nothing would change
public record RoleReviewPage(Shell shell, String title, Back back, String lead, Optional<Difference> name,
    List<Line> lines, List<String> facts, Optional<String> people, Optional<String> refusal,
    Optional<String> action, Map<String, String> hidden, String button, String cancel) {

    /// @param gained else it is lost
    /// @param label of the permission, or of a role
    /// @param name as programs know it; empty: they do not
    /// @param meaning such as `209 of them gain Service Account Write, which they hold from no other role`;
    ///     empty: nothing
    public record Line(boolean gained, String label, String name, List<String> meaning) {}

    /// What was changed meanwhile, and what to keep.
    ///
    /// @param told who changed it
    /// @param action where what was chosen is reviewed
    /// @param tag of the role now
    /// @param discard back to the role
    public record Merge(Shell shell, String title, String told, String action, String tag, String was,
        Optional<Choice> name, List<Mine> kept, String discard) {}

    /// @param clash whether others have chosen another one meanwhile
    public record Choice(String began, String now, String yours, boolean clash) {}

    /// A permission that only the caller wants changed; or, if it is `done`, others have done the same.
    public record Mine(String field, String label, String name, String began, String now, String yours, boolean done) {}

    /// The role is gone.
    ///
    /// @param typed what was to be done
    public record Gone(Shell shell, String title, List<String> typed, String list) {}
}
