package roster.base.db;

/// The end of an organisation's audit trail: its last sealed entry. Stored in the organisation's row, under its lock.
///
/// @param version,entry 0 if nothing was sealed yet
/// @param seal empty if nothing was sealed yet
public record TrailEnd(long version, int entry, byte[] seal) {
    static final TrailEnd NONE = new TrailEnd(0, 0, new byte[0]);

    static TrailEnd of(Row row) {
        return new TrailEnd(row.number("trail_version"), row.integer("trail_entry"), row.bytes("trail_seal"));
    }
}
