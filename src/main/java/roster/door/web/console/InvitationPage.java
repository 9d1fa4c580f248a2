package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.door.web.console.PersonHead.Act;

/// What the page of one invitation shows.
///
/// @param told how it stands
/// @param person who is invited
/// @param by who sent it
/// @param others what else they sent
/// @param times how often it was sent
/// @param emails about it, the newest first
/// @param history none where the trail may not be read
public record InvitationPage(Shell shell, Optional<Back> back, Marked email, FateBadge badge, String told,
    List<Act> acts, Named person, Named by, Optional<String> others, String type, Times.Shown sent, String times,
    Times.Shown expires, Optional<Times.Shown> accepted, Optional<Times.Shown> cancelled, String id,
    List<Email> emails, Optional<TrailShown> history) {
    /// @param href none: there is no page of it, or the caller may not see it
    public record Named(String name, Optional<String> href) {}

    /// @param attempts to send it
    /// @param id as in its `Message-ID`
    /// @param href the e-mail itself, on a local trial
    public record Email(Times.Shown made, FateBadge state, String told, String attempts, String id,
        Optional<String> href) {}
}
