package roster.core.audit;

import roster.base.db.Tx;
import roster.model.Email;
import roster.model.Id;
import roster.model.Org;

/// What entries keep of a text that was searched for. Such a text may be a person's name, or a part of their address: once
/// they are anonymised, nothing could tell that it was theirs. Nor could it of an address that they had left by then, or did
/// not have yet.
public final class SoughtText {
    /// In the place of a text that is not kept. No text that is kept reads like it.
    public static final String NOT_KEPT = "not kept";

    private SoughtText() {}

    /// @return the id of the human who has this address now; an id; else that it is not kept
    public static String kept(Tx tx, Org.Id org, String text) {
        var sought = text.strip();
        return Id.parse(sought).or(() -> Email.folded(sought).flatMap(address -> tx
            .query("SELECT id FROM users WHERE org_id = ? AND NOT service_account AND email = ?", org, address)
            .optional(row -> row.uuid("id")))).map(Object::toString).orElse(NOT_KEPT);
    }
}
