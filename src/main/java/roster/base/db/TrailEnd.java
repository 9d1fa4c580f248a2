package roster.base.db;

/// Where an organisation's audit trail ends: its last sealed entry. Kept in the organisation's row, under its lock.
///
/// @param version,entry 0 where nothing was sealed yet
/// @param seal empty where nothing was sealed yet
public record TrailEnd(long version, int entry, byte[] seal) {
    static final TrailEnd NONE = new TrailEnd(0, 0, new byte[0]);

    static TrailEnd of(Row row) {
        return new TrailEnd(row.number("trail_version"), row.integer("trail_entry"), row.bytes("trail_seal"));
    }
}
