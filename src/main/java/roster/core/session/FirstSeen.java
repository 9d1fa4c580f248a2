package roster.core.session;

import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.WriteTx;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.session.Session.Client;
import roster.model.User;

/// Tells users of sessions in browsers that they have not signed in with before.
///
/// @param devices knows a browser by its cookie
record FirstSeen(Devices devices, Notices notices) {
    void begun(WriteTx tx, User user, Client client) {
        if (Stream.of(user.email(), user.handle())
            .allMatch(address -> devices.nonce(client.device(), user.org(), address).isEmpty())) {
            var browser = Browser.named(client.userAgent().orElse(""));
            notices.tell(tx, user, AccountNotice.UNKNOWN_BROWSER, Optional.of(
                tx.caller().address().map(from -> "%s, from %s".formatted(browser, from)).orElse(browser)));
        }
    }
}
