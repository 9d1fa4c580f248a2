package roster.core.audit;

import roster.model.Email;
import roster.model.Id;

/// What entries keep of a text that was searched for. Such a text may be a person's name, or a part of their address: once
/// they are anonymised, nothing could tell that it was theirs. A whole address is found then, as in any other text.
public final class SoughtText {
    /// In the place of a text that is not kept. No text that is kept reads like it.
    public static final String NOT_KEPT = "not kept";

    private SoughtText() {}

    /// @return an address, as they are stored; an id; else that it is not kept
    public static String kept(String text) {
        var sought = text.strip();
        return Email.folded(sought).orElseGet(() -> Id.parse(sought).map(Object::toString).orElse(NOT_KEPT));
    }
}
