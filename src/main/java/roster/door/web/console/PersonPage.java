package roster.door.web.console;

import java.util.List;
import java.util.Optional;

/// What the pages about a person show.
public final class PersonPage {
    private PersonPage() {}

    /// @param asOf none: as they are now
    /// @param may none: of a past moment, or they have no role
    /// @param latest none where the trail may not be read
    /// @param moment the field for a past moment; none where that may not be asked for
    public record Profile(PersonHead head, Optional<AsOf> asOf, List<RoleLine> roles, Optional<String> changeRoles,
        Optional<May> may, Optional<Latest> latest, Facts facts, Optional<Moment> moment) {}

    /// A past moment.
    ///
    /// @param text such as `As they were on 3 Nov 2026, 09:00.`
    /// @param now the page of now
    public record AsOf(String text, String now) {}

    /// @param href none: the role is gone, or its page may not be seen
    /// @param since such as `Given by Omar on 28 Nov 2026, 16:31`; empty: it is not known, or may not be told
    public record RoleLine(String name, Optional<String> href, String since, String permissions) {}

    /// @param text about all of it; empty: the lines say it
    /// @param all every permission, and why
    public record May(String text, List<Alone> alone, String allText, Optional<String> all) {}

    /// What comes from one role alone.
    ///
    /// @param more how many are not named
    public record Alone(String count, String role, List<Chip> permissions, long more) {}

    /// @param href why they hold it
    public record Chip(String text, Optional<String> href) {}

    /// @param all the whole history
    public record Latest(TrailShown trail, String allText, Optional<String> all) {}

    /// @param title empty: none
    /// @param how the last sign-in came about; empty: it is not known, or may not be told
    /// @param directory that looks after them; none: none does
    public record Facts(Marked email, Marked handle, String title, Optional<Times.Shown> seen, String how,
        Optional<Times.Shown> added, Optional<Times.Shown> changed, Optional<FromDirectory.Fact> directory,
        String id) {}

    /// @param value for `datetime-local`
    public record Moment(String action, String value, String hint) {}

    /// @param from the list that led here; empty: none
    /// @param missing what they do not hold; none: it was not asked for
    /// @param showMissing the address that asks for it
    public record Permissions(PersonHead head, String heading, String note, String action, String from, String query,
        String role,
        List<Option> roles, List<Group> groups, Optional<List<Missing>> missing, String showMissingText,
        String showMissing) {}

    public record Option(String value, String label) {}

    /// @param count such as `3 of 12`
    public record Group(String name, String count, List<Held> held) {}

    public record Held(String name, String title, String description, List<Chip> from, Optional<String> why) {}

    /// @param from roles that would give it
    /// @param more how many are not named
    public record Missing(String name, String title, String description, List<String> from, long more) {}

    /// @param sentences one for each role that gives it, and what would be without it
    public record Why(PersonHead head, String permission, String title, String description, String heading,
        List<Sentence> sentences, Optional<Chip> missing) {}

    public record Invitations(PersonHead head, String heading, List<InvitationRow> rows, Optional<String> newer,
        Optional<String> older) {}

    /// @param told how its e-mail fared
    /// @param again,cancel,back none: not possible, or not allowed
    public record InvitationRow(String email, FateBadge badge, String told, String by, Times.Shown sent,
        Times.Shown expires, Optional<String> href, Optional<String> again, Optional<String> cancel,
        Optional<String> back) {}

    /// @param end where forms that end sessions are sent; none: sessions may not be seen
    /// @param keys none: they may not be seen
    public record Access(PersonHead head, Optional<String> end, List<SessionRow> sessions, Optional<Keys> keys) {}

    /// @param current whether it is the session that asks
    public record SessionRow(String id, String browser, String how, String address, Times.Shown since,
        Times.Shown used, boolean current) {}

    /// @param application,tokens the first ones
    /// @param allApplication,allTokens lists of all, where there are others
    public record Keys(List<KeyRow> application, String applicationHeading, Optional<String> allApplication,
        List<KeyRow> tokens, String tokensHeading, Optional<String> allTokens) {}

    /// @param ends what tells it from others
    /// @param may such as `3 scopes`
    /// @param expired when it ends, if it does
    public record KeyRow(String name, String ends, String may, Optional<Times.Shown> used, Times.Shown created,
        Optional<Times.Shown> expires, boolean expired, Optional<String> edit, Optional<String> revoke) {}

    public record History(PersonHead head, String heading, TrailShown trail, Optional<String> newest,
        Optional<String> older) {}
}
