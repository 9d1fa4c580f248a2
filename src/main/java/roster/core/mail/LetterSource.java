package roster.core.mail;

import java.util.Optional;
import roster.base.db.Tx;
import roster.core.mail.Outbox.Queued;

/// Writes letters of one kind, at the moment they are sent: an outbox row says only what a letter is about. So no link
/// is ever stored, and a letter that has become pointless is never sent.
@FunctionalInterface
public interface LetterSource {
    /// What there is to send.
    sealed interface Draft {
        record Written(Letter letter) implements Draft {}

        /// It is of no use now, but may be before its time is over.
        record NotYet(String why) implements Draft {}

        /// There is no longer a reason to send it, and never will be.
        record Pointless() implements Draft {}

        /// Nothing if it is not to be sent now.
        default Optional<Letter> written() {
            return this instanceof Written(var letter) ? Optional.of(letter) : Optional.empty();
        }
    }

    Draft draft(Tx tx, Queued queued);
}
