package roster.base.http;

import java.util.Map;
import java.util.SortedSet;

/// What the table of routes knows about a method and an address.
public sealed interface Match {
    /// @param params path parameters by name, decoded
    record Found(Route route, Map<String, String> params) implements Match {}

    /// The address exists, but not for this method.
    ///
    /// @param allow for the `Allow` header; `HEAD` is there wherever `GET` is
    record WrongMethod(SortedSet<String> allow) implements Match {}

    record Unknown() implements Match {}
}
