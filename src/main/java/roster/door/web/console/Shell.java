package roster.door.web.console;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import roster.core.preference.Viewer;

/// What surrounds each page of the console, and what its parts take from it.
///
/// @param section where in the navigation it is; none: elsewhere
/// @param title of the window, before the names of the organisation and of Roster
/// @param csrf what each form holds
/// @param alarm of a broken audit trail, for those who may read it
/// @param asked what the address asks for, in the head of what is printed; empty: nothing
/// @param version of Roster
/// @param attention how many invitations need it; none: none does, or they may not be seen
public record Shell(Optional<Section> section, String title, Viewer viewer, Link link, Assets assets, String csrf,
    Times times, Optional<Notice> notice, Optional<TrailSeal> alarm, String asked, String requestId, String version,
    Optional<String> attention) {
    /// A page for which the link in the navigation is offered.
    ///
    /// @param current whether this page is in it
    /// @param attention how many things in it need attention; none: none does
    public record Entry(Section section, String href, boolean current, Optional<String> attention) {}

    /// The navigation, in groups.
    public List<List<Entry>> navigation() {
        return Section.GROUPS.stream().map(group -> group.stream().flatMap(one -> one.href(link).stream()
            .map(href -> new Entry(one, href, section.equals(Optional.of(one)),
                one == Section.INVITATIONS ? attention : Optional.empty())))
            .toList())
            .filter(group -> !group.isEmpty()).toList();
    }

    /// Of the icons, before `#` and a name.
    public String icons() {
        return assets.path("icons.svg");
    }

    /// The same, telling this.
    Shell telling(Notice told) {
        return new Shell(section, title, viewer, link, assets, csrf, times, Optional.of(told), alarm, asked,
            requestId, version, attention);
    }

    public Avatar avatar() {
        return Avatar.of(viewer.user().value(), viewer.name(), viewer.email());
    }

    public String shownName() {
        return viewer.name().filter(name -> !name.isBlank()).orElse(viewer.email());
    }

    /// When the page was made.
    public Times.Shown now() {
        return times.full(times.now());
    }

    public ZoneId zone() {
        return viewer.zone();
    }

    /// For `data-theme`: none as the system has it.
    public String theme() {
        var theme = viewer.preference().theme();
        return theme == roster.core.preference.Preference.Theme.SYSTEM ? null : theme.text();
    }

    public String density() {
        return viewer.preference().density().text();
    }

    /// Where the page asks each minute whether its session still runs; null: it does not.
    public String watched() {
        return viewer.watched() ? link.to("/api/v2/current_user").orElse(null) : null;
    }

    /// What the page shows when it asks; null: it does not.
    public String token() {
        return viewer.watched() ? Kept.token(csrf) : null;
    }
}
