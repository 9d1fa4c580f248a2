package roster.core.provisioning;

import java.util.Arrays;
import java.util.stream.Collectors;
import roster.model.Text;

/// What a client calls itself, as it may be kept and shown.
final class UserAgent {
    private static final int LENGTH_MAX = 100;

    /// So much of what was sent is looked at, in characters.
    private static final int READ_MAX = 1000;

    private UserAgent() {}

    /// Printable ASCII without what may be an address of a person, at most 100 characters and an ellipsis.
    static String cleaned(String sent) {
        var printable = sent.substring(0, Math.min(sent.length(), READ_MAX)).replaceAll("[^\\x21-\\x7E]+", " ");
        return Text.cut(Arrays.stream(printable.split(" ")).filter(word -> word.indexOf('@') < 0)
            .collect(Collectors.joining(" ")).strip(), LENGTH_MAX);
    }
}
