package roster.core.index;

import java.util.List;
import java.util.Optional;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A user of an index, in packed form. Unpacked only on demand.
///
/// What is made of a user can be kept beside the user's row, as long as neither the user nor their roles change. Only a
/// thread that reads the index at this moment may do so: later, the row may be another user's.
public final class PackedUser {
    private final byte[] packed;
    private final Org.Id org;
    private final List<Role.Id> roles;
    private final User unpacked;
    private final Object[] notes;
    private final int start;
    private final byte[] json;

    private PackedUser(byte[] packed, Org.Id org, List<Role.Id> roles, Object[] notes, int start) {
        this.packed = packed;
        this.org = org;
        this.roles = roles;
        this.unpacked = null;
        this.notes = notes;
        this.start = start;
        this.json = (byte[]) RowNotes.get(notes, start + RowNotes.JSON);
    }

    private PackedUser(User user) {
        this.packed = null;
        this.org = user.org();
        this.roles = user.roles();
        this.unpacked = user;
        this.notes = null;
        this.start = 0;
        this.json = null;
    }

    static PackedUser of(byte[] packed, Org.Id org, List<Role.Id> roles, RowNotes notes, int row) {
        return new PackedUser(packed, org, roles, notes.chunk(row), RowNotes.start(row));
    }

    /// A user who is not of an index.
    public static PackedUser of(User user) {
        return new PackedUser(user);
    }

    public List<Role.Id> roles() {
        return roles;
    }

    public User user() {
        return unpacked == null ? UserCodec.user(packed, org, roles) : unpacked;
    }

    /// What the user is called, without unpacking the rest.
    public Optional<String> name() {
        return unpacked == null ? UserCodec.name(packed) : unpacked.name();
    }

    /// Likewise.
    public String email() {
        return unpacked == null ? UserCodec.email(packed) : unpacked.email();
    }

    /// Likewise.
    public boolean isServiceAccount() {
        return unpacked == null ? UserCodec.isServiceAccount(packed) : unpacked.serviceAccount();
    }

    /// An object that is another one once the user changes. The names of their roles are no part of it.
    ///
    /// @return null if the user is not of an index
    public Object mark() {
        return packed;
    }

    /// The JSON that is kept of the user.
    ///
    /// @return null if there is none
    public byte[] json() {
        return json;
    }

    /// Whether the JSON that is kept at this moment is this very array.
    @SuppressWarnings("ReferenceEquality") // an equal array is not the one whose memory is counted
    public boolean keepsJson(byte[] made) {
        return notes != null && RowNotes.get(notes, start + RowNotes.JSON) == made;
    }

    /// What else is kept of the user.
    ///
    /// @return null if there is nothing
    public Object tags() {
        return notes == null ? null : RowNotes.get(notes, start + RowNotes.TAGS);
    }

    /// Keeps the user's JSON.
    ///
    /// @return what is kept; nothing if the user is not of an index, or another thread was faster
    public Optional<Kept> keepJson(byte[] made) {
        return keep(RowNotes.JSON, null, made);
    }

    /// Keeps something else in the place of what was kept.
    ///
    /// @param old what [#tags] returned
    public Optional<Kept> keepTags(Object old, Object made) {
        return keep(RowNotes.TAGS, old, made);
    }

    private Optional<Kept> keep(int kind, Object old, Object made) {
        return notes != null && RowNotes.replace(notes, start + kind, old, made)
            ? Optional.of(new Kept(notes, start + kind, made)) : Optional.empty();
    }

    /// Something that is kept of a user.
    public static final class Kept {
        private final Object[] notes;
        private final int at;
        private final Object note;

        private Kept(Object[] notes, int at, Object note) {
            this.notes = notes;
            this.at = at;
            this.note = note;
        }

        /// Keeps it no longer. May be called by any thread at any time.
        public void drop() {
            var _ = RowNotes.replace(notes, at, note, null); // false if it was replaced already
        }
    }
}
