package roster.core.provisioning;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import roster.model.Org;

/// A request of a directory, or a part of one, as it is noted: nothing that was sent is in it but what the client calls itself.
///
/// @param key its access token or application key
/// @param route a template, such as `/scim/v2/Users/{id}`
/// @param agent as sent; see [UserAgent]
/// @param failure none: it did not fail
public record DirectoryRequest(Org.Id org, UUID key, Instant at, String method, String route, int status, String agent,
    Optional<Failure> failure) {
    /// What is known of a failure besides its status.
    ///
    /// @param scimType empty: the error has none
    /// @param about an attribute, a permission, or one of the words below; empty: nothing
    /// @param subject the id in the path, if it is one; else empty
    public record Failure(String scimType, String about, String subject) {
        /// The last active administrator would have gone.
        public static final String LAST_ADMINISTRATOR = "last administrator";

        /// What an operation of a bulk request is called, or another that it depends on.
        public static final String BULK_ID = "bulkId";

        /// The caller is outside the networks from which the organisation may be used.
        public static final String NETWORKS = "networks";
    }
}
