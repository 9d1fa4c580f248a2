package roster.core.bulk;

import java.util.Optional;
import java.util.regex.Pattern;
import roster.core.reader.PastedLine;
import roster.model.Id;
import roster.model.User;

/// Ids of users in lines that have no address, as they stand in logs and exports.
final class PastedIds {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private PastedIds() {}

    static Optional<User.Id> in(PastedLine line) {
        var id = ID.matcher(line.source());
        return line.email().isEmpty() && id.find() ? Id.parse(id.group()).map(User.Id::new) : Optional.empty();
    }
}
