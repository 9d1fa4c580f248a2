package roster.core.factor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.user.Users;
import roster.model.User;

/// Codes by which users get in who lost their other factors, each once. The SQL of `recovery_codes`: a code has 120 random
/// bits, so its digest needs no salt.
public final class RecoveryCodes {
    public static final int NUMBER = 10;
    private static final int LETTERS = 24;
    private static final int GROUP = 4;

    /// Without letters that are taken for others (Crockford).
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private final AuditLog audit;
    private final Notices notices;

    RecoveryCodes(AuditLog audit, Notices notices) {
        this.audit = audit;
        this.notices = notices;
    }

    /// Makes new codes, and ends the old.
    ///
    /// @return the codes, which are never readable again
    public List<String> make(WriteTx tx, User user) {
        delete(tx, user);
        var codes = new ArrayList<String>();
        while (codes.size() < NUMBER) {
            var code = new StringBuilder();
            for (var one : tx.randomness().bytes(LETTERS)) {
                code.append(code.length() % (GROUP + 1) == GROUP ? "-" : "").append(ALPHABET.charAt(one & 0x1f));
            }
            codes.add(code.toString());
            tx.update("""
                INSERT INTO recovery_codes (org_id, user_id, digest, created_at, version) VALUES (?, ?, ?, ?, ?)
                """, tx.org(), user.id(), digest(code.toString()), tx.now(), tx.version());
        }
        audit.record(tx, "recovery_codes.made", Users.subject(user),
            new Change(Map.of(), Map.of("codes", codes.size())));
        return codes;
    }

    /// Makes codes for a user who has none.
    ///
    /// @return none if they have some
    public List<String> first(WriteTx tx, User user) {
        return number(tx, user) > 0 ? List.of() : make(tx, user);
    }

    /// Uses a code up.
    ///
    /// @param typed blanks and dashes do not matter, nor does the case, nor which of similar letters
    /// @return false if it is no code of the user, or was used
    boolean use(WriteTx tx, User user, String typed) {
        var used = tx.update("DELETE FROM recovery_codes WHERE org_id = ? AND user_id = ? AND digest = ?", tx.org(),
            user.id(), digest(typed)) == 1;
        if (used) {
            var left = number(tx, user);
            audit.record(tx, "recovery_codes.used", Users.subject(user), new Change(Map.of(), Map.of("left", left)));
            notices.tell(tx, user, AccountNotice.RECOVERY_CODE_USED,
                Optional.of("%d of %d are left".formatted(left, NUMBER)));
        }
        return used;
    }

    /// How many are left.
    public int number(Tx tx, User user) {
        return tx.query("SELECT count(*)::integer AS n FROM recovery_codes WHERE org_id = ? AND user_id = ?",
            user.org(), user.id()).one(row -> row.integer("n"));
    }

    /// @return how many there were
    int delete(WriteTx tx, User user) {
        return tx.update("DELETE FROM recovery_codes WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
    }

    private static byte[] digest(String typed) {
        return Secrets.digest(typed.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT).replace('O', '0')
            .replace('I', '1').replace('L', '1'));
    }
}
