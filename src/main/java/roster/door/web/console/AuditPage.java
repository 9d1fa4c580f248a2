package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.core.audit.AuditQuery.Unreadable;

/// The audit trail.
///
/// @param find where the search is sent
/// @param typed in its field
/// @param fault of it; empty: none
/// @param kept filters without a control, by parameter
/// @param narrowing all filters but the time
/// @param selects the controls beside it
/// @param written the query, if it is one of the language
/// @param day,from,to as their fields have them; empty: not chosen
/// @param clear the trail without what has chips
public record AuditPage(Shell shell, String find, String typed, String fault, Map<String, String> kept,
    Map<String, String> narrowing, List<Select> selects, Written written, String day, String from, String to,
    List<FilterChip> chips, Optional<String> clear, List<File> files, AuditTable list) {
    /// A choice.
    ///
    /// @param options their words by value
    public record Select(String id, String label, Map<String, String> options, String value) {}

    /// A query of the language.
    ///
    /// @param fault what is wrong with it; empty: nothing
    /// @param before,at,after the text around the character where that is
    public record Written(String text, String fault, String before, String at, String after) {
        static Written of(String text, Optional<Unreadable> unreadable) {
            return unreadable.map(where -> {
                var at = Math.min(where.at(), text.length());
                var end = text.offsetByCodePoints(at, at < text.length() ? 1 : 0);
                return new Written(text, fault(where, text), text.substring(0, at), text.substring(at, end),
                    text.substring(end));
            }).orElseGet(() -> new Written(text, "", "", "", ""));
        }

        private static String fault(Unreadable where, String text) {
            var place = where.at() >= text.length() ? " at the end." : " at character " + (where.at() + 1) + ".";
            return switch (where.fault()) {
                case TOO_LONG -> "Write at most 4,096 characters.";
                case TOO_DEEP -> "There are too many parentheses in each other" + place;
                case TOO_MANY_WORDS -> "A query has at most 30 words and values; there are more" + place;
                case STRAY_PARENTHESIS -> "There is a closing parenthesis too many" + place;
                case MISSING_PARENTHESIS -> "A closing parenthesis is missing" + place;
                case MISSING_QUOTE -> "The quotation mark has no second one" + place;
                case NO_VALUE_OF_PATH -> "An attribute is written @path:value, as @action:created" + place;
                case NO_OR -> "Between values in parentheses stands OR" + place;
                case OPERATOR_ALONE -> "There is nothing to combine" + place;
                case MISSING_VALUE -> "A word or a value is missing" + place;
                case UNSUPPORTED -> "Comparisons, ranges and * before the end are only text: put it in quotation marks"
                    + place;
            };
        }
    }

    /// What the list can be had as.
    public record File(String label, String href) {}

    /// The part that changes with the search.
    ///
    /// @param title of the window
    /// @param busy why there is no list; empty: there is one
    public record AuditTable(Shell shell, String heading, String title, TrailSeal seal, TrailShown trail,
        Optional<Pager> pager, Optional<PeoplePage.Empty> empty, String busy) {}
}
