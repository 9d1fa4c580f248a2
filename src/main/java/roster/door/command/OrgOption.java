package roster.door.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/// The organisation that a command is about.
final class OrgOption {
    @Option(names = "--org", paramLabel = "ORG",
        description = "The organization: its id, public id or exact name. Optional if there is only one.")
    Optional<String> org = Optional.empty();
}
