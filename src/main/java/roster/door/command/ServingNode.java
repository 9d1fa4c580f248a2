package roster.door.command;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import roster.base.work.WorkerStatus;

/// What `roster status` tells of the node that runs the command.
///
/// @param address where the API listens, as `http://127.0.0.1:8080`
/// @param since when it began to serve
/// @param embedded whether it runs the database itself
/// @param workers as they are at the moment of the call
/// @param clock for how long ago something was
public record ServingNode(String version, String address, Instant since, boolean embedded,
    Supplier<List<WorkerStatus>> workers, InstantSource clock) {}
