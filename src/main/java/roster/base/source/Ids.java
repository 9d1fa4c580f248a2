package roster.base.source;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/// Ids of new things: UUIDs of version 7, which sort by the time they were made.
public class Ids {
    /// One that nothing has yet.
    public UUID next() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    /// The same, faster: its random part can be foreseen. For requests, whose ids are no secret.
    public UUID nextRequest() {
        return UuidCreator.getTimeOrderedEpochFast();
    }
}
