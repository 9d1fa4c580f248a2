package roster.door.command;

import java.util.List;

/// What a command asks a running server, through [CommandSocket].
public sealed interface SocketRequest permits SocketRequest.RunCommand, BulkRequest {
    /// To run a short command as a whole. The answer is its [Outcome].
    ///
    /// @param args as typed
    record RunCommand(List<String> args) implements SocketRequest {}
}
