package roster.base.http;

import java.util.Map;
import java.util.SortedSet;

/// What the table of routes has for a method and a path.
public sealed interface Match {
    /// @param params path parameters by name, decoded
    record Found(Route route, Map<String, String> params) implements Match {}

    /// The path exists, but not with this method.
    ///
    /// @param allow methods for the `Allow` header; includes `HEAD` wherever there is `GET`
    record WrongMethod(SortedSet<String> allow) implements Match {}

    record Unknown() implements Match {}
}
