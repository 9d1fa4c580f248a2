package roster.core.mail;

import java.util.Optional;
import roster.base.db.Tx;
import roster.core.mail.Outbox.Queued;

/// Writes e-mails of one kind, at the moment they are sent: an outbox row has only the subject's id. So no link is ever
/// stored, and an e-mail that has become pointless is never sent.
@FunctionalInterface
public interface LetterSource {
    /// What to send.
    sealed interface Draft {
        record Written(Letter letter) implements Draft {}

        /// Of no use now, but it may be before its time is over.
        record NotYet(String why) implements Draft {}

        /// Of no use any more.
        record Pointless() implements Draft {}

        /// None if it is not to be sent now.
        default Optional<Letter> written() {
            return this instanceof Written(var letter) ? Optional.of(letter) : Optional.empty();
        }
    }

    Draft draft(Tx tx, Queued queued);
}
