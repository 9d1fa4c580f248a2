package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A page of settings.
///
/// @param told what is to be known before something is changed
/// @param fault of all of it, rather than of one field; empty: none
/// @param action where the form is sent; none: the caller may only read
/// @param began what the fields were when the form was shown, by the name of a hidden field
/// @param extra what else the page has
public record SettingsPage(SettingsHead head, List<Said> told, String fault, Optional<String> action,
    List<Card> cards, Map<String, String> began, Extra extra) {
    /// @param warning whether it is about something that is wrong
    public record Said(String text, boolean warning) {}

    public record Card(String id, String title, List<Shown> fields) {}

    /// A setting as it is shown.
    ///
    /// @param text for those who may only read
    /// @param choices in words, all of which are shown; empty: it is typed
    /// @param options of a menu; empty: there is none
    /// @param tall whether it has several lines
    public record Shown(Field field, String text, List<String> choices, Map<String, String> options, boolean tall) {}

    /// What only some of the pages have.
    public sealed interface Extra {}

    public record Nothing() implements Extra {}

    public record OfOrganisation(String id, String publicId, String signIn, Times.Shown created, Times.Shown changed,
        Optional<String> disable) implements Extra {}

    /// @param add where a provider is added; none: the caller may not
    public record OfProviders(List<ProviderLine> providers, Optional<String> add) implements Extra {}

    /// @param href where it is looked at; none: the caller may not
    public record ProviderLine(String name, String kind, Optional<String> href) {}

    /// @param letIn where a token is made; none: the caller may not
    /// @param isNew whether no directory has called yet
    /// @param keys with which directories call, or could
    /// @param failures what went wrong lately, the latest first
    /// @param managed what directories provision
    public record OfProvisioning(String address, String compatible, Optional<String> letIn, boolean isNew,
        List<DirectoryLine> keys, List<FailureLine> failures, List<ManagedLine> managed) implements Extra {}

    /// @param name of the key; empty: the caller may not see it
    /// @param href the keys of its owner; none: the caller may not see them
    /// @param at when it asked last; none: not lately
    /// @param request such as `GET /scim/v2/Users`, and what came of it
    public record DirectoryLine(String name, String owner, Optional<String> href, Optional<Times.Shown> at,
        String request, boolean failed, String agent) {}

    /// @param whom it was about, with the way to it; none: it is not known, or is not there
    /// @param note what was asked and answered, and how often
    public record FailureLine(String text, Optional<Sentence.Part> whom, String note, Times.Shown at) {}

    public record ManagedLine(String icon, String text, Optional<String> href) {}

    public record OfMappings(Mappings mappings) implements Extra {}

    /// @param add where a mapping is added; none: the caller may not
    /// @param find where a search is sent
    public record Mappings(String heading, List<MappingLine> lines, Optional<String> add, String find, String query,
        List<Pager.Step> steps) {}

    /// @param silent whether it gives nothing now, as who changed it last may not give the role any more
    /// @param confirm where a form is sent that makes the caller the one who gives it
    /// @param tag of the mapping as it is shown
    public record MappingLine(String tag, String key, String value, String role, Optional<String> roleHref,
        Times.Shown changed,
        boolean silent, Optional<String> confirm, Optional<String> edit, Optional<String> delete) {}

    public List<Field> fields() {
        return cards.stream().flatMap(card -> card.fields().stream()).map(Shown::field).toList();
    }
}
