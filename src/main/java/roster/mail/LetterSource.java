package roster.mail;

import java.util.Optional;
import java.util.UUID;
import roster.db.Tx;
import roster.model.Org;

/// Writes letters of one kind, at the moment they are sent: an outbox row says only what a letter is about. So no link
/// is ever stored, and a letter that has become pointless is never sent.
@FunctionalInterface
public interface LetterSource {
    /// @param subject what the letter is about, as an invitation's id
    /// @return nothing if there is no longer a reason to send it
    Optional<Letter> letter(Tx tx, Org.Id org, UUID subject);
}
