package roster.door.command;

import java.util.List;
import java.util.Optional;

/// What a command asks a running server, through [CommandSocket].
public sealed interface SocketRequest permits SocketRequest.RunCommand, BulkRequest {
    /// To run a short command as a whole. The answer is its [Outcome].
    ///
    /// @param args as typed
    /// @param input what it was told besides, as [CommandInput] read it
    record RunCommand(List<String> args, Optional<String> input) implements SocketRequest {
        @Override
        public String toString() {
            return "RunCommand";
        }
    }
}
