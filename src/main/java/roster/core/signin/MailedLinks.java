package roster.core.signin;

import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.signin.LinkRows.Kind;
import roster.core.signin.LinkRows.Open;
import roster.model.Org;
import roster.model.User;

/// Links that are sent by e-mail. As those of invitations, their tokens are derived when the e-mail is sent: none is stored.
public final class MailedLinks {
    private final Purpose tokens;

    MailedLinks(Secrets secrets) {
        tokens = secrets.purpose("mailed links");
    }

    /// Makes a link, and ends those of this kind before it.
    ///
    /// @param email where it will be sent
    /// @param boundTo what else it is good for only
    /// @return its id
    public UUID make(WriteTx tx, User user, Kind kind, String email, Optional<String> boundTo, Duration good) {
        var id = tx.newId();
        LinkRows.add(tx, user, new LinkRows.New(id, kind, good, Optional.of(email), boundTo),
            tokens.hashText(named(kind, tx.org(), id)));
        return id;
    }

    private static String named(Kind kind, Org.Id org, UUID id) {
        return kind.text() + " " + org + " " + id;
    }

    /// A link that is good.
    public Optional<Open> find(Tx tx, Kind kind, Org.Id org, UUID id) {
        return LinkRows.find(tx, kind, org, id);
    }

    /// The token of a link, also after another secret key was put first.
    ///
    /// @return none if it was made with a secret key that is no longer set
    public Optional<String> token(Tx tx, Kind kind, Open link) {
        return tokens.hashes(named(kind, link.org(), link.id())).stream()
            .map(Base64.getUrlEncoder().withoutPadding()::encodeToString)
            .filter(token -> LinkRows.isToken(tx, link, token)).findFirst();
    }
}
