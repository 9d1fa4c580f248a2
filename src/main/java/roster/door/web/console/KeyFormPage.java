package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import roster.door.web.console.RoleFormPage.Boxes;

/// The form of a key that is made or changed.
///
/// @param facts of a key that is there; none: it is to be made
/// @param fault that is of no field; empty: none
/// @param owner whose the key is to be; none: that is settled
/// @param may whether it may do everything that its owner may; none: it cannot be chosen
/// @param scopes what it may do, with `boxes`; none: keys of this kind have none
/// @param ends the day on which it ends; none: keys of this kind do not end, or that is settled
/// @param example the API key that the example uses; none: it needs none, or none can be shown
/// @param fields what the form holds besides
public record KeyFormPage(Shell shell, String title, String lead, Back back, Optional<Facts> facts, String fault,
    Field name, Optional<Choice> owner, Optional<Field> may, Optional<Field> scopes, List<Boxes> boxes,
    Optional<Field> ends, Optional<Choice> example, Map<String, String> fields, String action, String button) {

    /// What it is, and how it is used.
    ///
    /// @param endsText such as `Ends in`
    /// @param may in words; none: keys of this kind do nothing alone
    /// @param all where what its owner may do is listed, if that is all it may
    /// @param used none: never
    /// @param trail what was changed with it, each from where; none: the caller may not see it
    public record Facts(String endsText, String ends, Optional<String> may, Optional<String> all,
        Optional<Times.Shown> used, Times.Shown created, Optional<Times.Shown> expires, Optional<String> trail) {}

    /// A menu.
    ///
    /// @param others where those are that it does not hold
    public record Choice(Field field, Map<String, String> options, Optional<Field.Way> others) {}

    /// All fields, for the summary of faults.
    public List<Field> all() {
        return Stream.of(Optional.of(name), owner.map(Choice::field), may, scopes, ends, example.map(Choice::field))
            .flatMap(Optional::stream).toList();
    }
}
