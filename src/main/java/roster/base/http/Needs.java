package roster.base.http;

import java.util.List;
import roster.model.Permission;

/// What a route requires of its caller.
public sealed interface Needs {
    /// Valid keys or a valid token, whose caller holds at least one of these permissions.
    record OneOf(List<Permission> permissions) implements Needs {
        public OneOf {
            permissions = List.copyOf(permissions);
            if (permissions.isEmpty()) {
                throw new IllegalArgumentException("Name a permission, or use Needs.Simple.KEYS");
            }
        }
    }

    enum Simple implements Needs {
        /// An API key and an application key, or a token; no permission.
        KEYS,
        /// The API key alone.
        API_KEY,
        /// A session: a page for users who are signed in.
        SESSION,
        /// Open to everyone.
        NOTHING,
        /// Open, never limited, and logged only on failure: for load balancers and scrapers.
        HEALTH
    }

    static Needs oneOf(Permission... permissions) {
        return new OneOf(List.of(permissions));
    }
}
