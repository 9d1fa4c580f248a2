package roster.core.mail;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The state of the newest e-mail about a subject, as an invitation.
///
/// @param letter id of the e-mail: the part of its `Message-ID` before the `@`
/// @param subject what it is about, as an invitation's id
/// @param why it is deferred, failed, dropped or bounced: what the mail server said; contains no link and no password
/// @param attempts to send it, including one under way
/// @param nextAttemptAt the earliest time of the next attempt; none if there will be none
/// @param sentAt when the mail server accepted it
public record Delivery(UUID letter, UUID subject, String recipient, State state, Optional<String> why, int attempts,
    Instant queuedAt, Optional<Instant> nextAttemptAt, Optional<Instant> sentAt) {

    /// The state of an e-mail.
    public enum State {
        /// Waits to be sent.
        QUEUED,
        /// Accepted by the mail server. What happens behind that server is not known here.
        SENT,
        /// Could not be sent, and will be tried again.
        DEFERRED,
        /// Will not be tried again: the mail server refused it for good, or its time was over.
        FAILED,
        /// Not sent, as there was no longer a reason to.
        DROPPED,
        /// Was sent and came back, as reported by a caller: [Deliveries#bounced].
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
