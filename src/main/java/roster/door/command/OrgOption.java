package roster.door.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Which organisation a command is about.
final class OrgOption {
    @Option(names = "--org", paramLabel = "ORG",
        description = "The organization: its id, public id or exact name. May be left out while there is only one.")
    Optional<String> org = Optional.empty();
}
