package roster.core.factor;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.factor.Passkey.New;
import roster.core.factor.Passkey.Signed;
import roster.model.Id;
import roster.model.Org;
import roster.model.Text;
import roster.model.User;

/// The SQL of `passkeys` and `passkey_pointers`. What a user may do with them is said by [Factors].
public final class Passkeys {
    private static final int HANDLE_BYTES = 32;

    private static final String COLUMNS = """
        k.org_id, k.id, k.user_id, k.user_handle, k.credential_id, k.public_key, k.transports, k.name, k.backed_up,
        k.created_at, k.sign_count, k.last_used_at""";

    Passkeys() {}

    /// What came of a passkey that signed a challenge.
    enum Use {
        RIGHT,
        /// It was removed, or is another user's.
        GONE,
        /// Its device has counted further before: another device has the same key.
        COPIED
    }

    /// The passkeys of a user, the oldest first.
    public List<Passkey> of(Tx tx, User user) {
        return ofLater(tx, user.org(), user.id()).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<List<Passkey>> ofLater(Tx tx, Org.Id org, User.Id user) {
        return tx.later(Passkeys::passkey, "SELECT " + COLUMNS + " FROM passkeys k WHERE k.org_id = ? "
            + "AND k.user_id = ? ORDER BY k.created_at, k.id", org, user);
    }

    /// The passkey of a credential, in whatever organisation.
    public Optional<Passkey> find(Tx tx, byte[] credential) {
        return findLater(tx, credential).get();
    }

    /// The same, asked for with the statement that follows.
    Supplier<Optional<Passkey>> findLater(Tx tx, byte[] credential) {
        return tx.laterOptional(Passkeys::passkey, "SELECT " + COLUMNS + """
              FROM passkey_pointers p JOIN passkeys k ON k.org_id = p.org_id AND k.id = p.id
             WHERE p.digest = ?
            """, Secrets.digest(credential));
    }

    /// @return false if the credential is known, or the user has as many as they may
    boolean add(WriteTx tx, User user, New made, byte[] handle, String name) {
        if (of(tx, user).size() >= Passkey.MAX || find(tx, made.credential()).isPresent()
            || handle.length != HANDLE_BYTES) {
            return false;
        }
        var id = new Passkey.Id(tx.newId());
        tx.update("""
            INSERT INTO passkeys (org_id, id, user_id, user_handle, credential_id, public_key, aaguid, transports, name,
                                  backed_up, created_at, sign_count, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), id, user.id(), handle, made.credential(), made.key(), made.model(), made.transports(), name,
            made.backedUp(), tx.now(), made.signCount(), tx.version());
        tx.update("INSERT INTO passkey_pointers (digest, org_id, id) VALUES (?, ?, ?)",
            Secrets.digest(made.credential()), tx.org(), id);
        return true;
    }

    /// Takes a signature, and notes how far its device has counted.
    ///
    /// @param own of the user, as they are now
    Use use(WriteTx tx, Signed signed, List<Passkey> own) {
        var found = own.stream().filter(one -> one.id().equals(signed.id())).findFirst();
        if (found.isEmpty()) {
            return Use.GONE;
        }
        var before = found.get().signCount();
        if ((before != 0 || signed.signCount() != 0) && signed.signCount() <= before) {
            return Use.COPIED;
        }
        tx.later("UPDATE passkeys SET sign_count = ?, last_used_at = ? WHERE org_id = ? AND id = ?",
            signed.signCount(), tx.now(), tx.org(), signed.id());
        return Use.RIGHT;
    }

    /// @param id as it was sent
    Optional<Passkey> named(Tx tx, User user, String id) {
        return Id.parse(id).flatMap(found -> of(tx, user).stream().filter(one -> one.id().value().equals(found))
            .findFirst());
    }

    void rename(WriteTx tx, Passkey passkey, String name) {
        tx.update("UPDATE passkeys SET name = ?, version = ? WHERE org_id = ? AND id = ?", name, tx.version(), tx.org(),
            passkey.id());
    }

    void delete(WriteTx tx, Passkey passkey) {
        tx.update("DELETE FROM passkey_pointers WHERE org_id = ? AND id = ?", tx.org(), passkey.id());
        tx.update("DELETE FROM passkeys WHERE org_id = ? AND id = ?", tx.org(), passkey.id());
    }

    /// @return how many there were
    int deleteAll(WriteTx tx, User user) {
        var all = of(tx, user);
        all.forEach(one -> delete(tx, one));
        return all.size();
    }

    /// The name that a user typed, or that of the device if nothing of it can be seen.
    static String name(String typed, String device) {
        var name = Text.name(typed);
        return Text.isVisible(name) ? cut(name) : device;
    }

    private static String cut(String name) {
        return Text.length(name) <= Passkey.NAME_MAX ? name
            : name.substring(0, name.offsetByCodePoints(0, Passkey.NAME_MAX));
    }

    private static Passkey passkey(Row row) {
        return new Passkey(new Org.Id(row.uuid("org_id")), new Passkey.Id(row.uuid("id")),
            new User.Id(row.uuid("user_id")), row.bytes("user_handle"), row.bytes("credential_id"),
            row.bytes("public_key"), row.texts("transports"), row.text("name"), row.bool("backed_up"),
            row.instant("created_at"), row.number("sign_count"), row.optionalInstant("last_used_at"));
    }
}
