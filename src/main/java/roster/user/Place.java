package roster.user;

import java.util.UUID;

/// Where somebody stands in an order, or stood: he may have moved or gone since.
///
/// @param key what the order sorts by, as bytes that compare as it does
record Place(byte[] key, byte[] email, UUID id) {}
