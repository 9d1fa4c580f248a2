package roster.base.secret;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Places in lists, sealed for clients to bring back: no name or address shows in a URL or a log, and what was tampered
/// with, belongs to another organisation or to another list does not open.
public final class CursorCodec {
    private final Secrets secrets;

    public CursorCodec(Secrets secrets) {
        this.secrets = secrets;
    }

    /// @param list which list it is of, and the format of its place: another one once the fields change
    /// @param place what the list goes on by
    /// @return the same text for the same place, so that answers with it can be compared
    public String seal(UUID org, String list, LengthPrefixed place) {
        return secrets.sealCursor(org, new LengthPrefixed().add(list).addAll(place).bytes());
    }

    /// @param sent by a client: anything
    /// @return the fields of the place; nothing if [#seal] made no such cursor for this organisation and list
    public Optional<List<byte[]>> open(UUID org, String list, String sent) {
        return secrets.openCursor(org, sent).flatMap(LengthPrefixed::read)
            .filter(fields -> !fields.isEmpty() && text(fields.getFirst()).equals(list))
            .map(fields -> fields.subList(1, fields.size()));
    }

    /// A place that is a line of text.
    ///
    /// @param mark what cursors of the list begin with, so that those of another list do not open: no other list's mark
    /// begins with it
    public String sealText(UUID org, String mark, String place) {
        return secrets.sealCursor(org, (mark + place).getBytes(StandardCharsets.UTF_8));
    }

    /// @param sent by a client: anything
    /// @return the place; nothing if [#sealText] made no such cursor for this organisation and mark
    public Optional<String> openText(UUID org, String mark, String sent) {
        return secrets.openCursor(org, sent).map(CursorCodec::text).filter(text -> text.startsWith(mark))
            .map(text -> text.substring(mark.length()));
    }

    /// A field as text.
    public static String text(byte[] field) {
        return new String(field, StandardCharsets.UTF_8);
    }
}
