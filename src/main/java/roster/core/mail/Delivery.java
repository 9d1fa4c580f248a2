package roster.core.mail;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// How it stands with the mail about something: its newest letter.
///
/// @param letter the part of the mail's `Message-ID` before the `@`
/// @param subject what it is about, as an invitation's id
/// @param why it is deferred, failed, dropped or bounced: what the mail server said; neither link nor password
/// @param attempts to send it, one under way included
/// @param nextAttemptAt when it is tried at the earliest; none if it will not be
/// @param sentAt when the mail server took it
public record Delivery(UUID letter, UUID subject, String recipient, State state, Optional<String> why, int attempts,
    Instant queuedAt, Optional<Instant> nextAttemptAt, Optional<Instant> sentAt) {

    /// What became of a letter.
    public enum State {
        /// It waits to be sent.
        QUEUED,
        /// The mail server took it. What happens behind that server is not known here, unless somebody tells.
        SENT,
        /// It could not be delivered, and will be tried again.
        DEFERRED,
        /// It will not be tried again: the mail server refused it for good, or its time was over.
        FAILED,
        /// There was no longer a reason to send it.
        DROPPED,
        /// It was sent and came back, as somebody told who knows: [Deliveries#bounced].
        BOUNCED;

        /// As in the database and in answers.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> of(String text) {
            return Arrays.stream(values()).filter(state -> state.text().equals(text)).findFirst();
        }
    }
}
