package roster.base.http;

import java.util.List;
import roster.model.Permission;

/// Who may call a route.
public sealed interface Needs {
    /// Good keys whose caller holds any of these permissions.
    record OneOf(List<Permission> permissions) implements Needs {
        public OneOf {
            permissions = List.copyOf(permissions);
            if (permissions.isEmpty()) {
                throw new IllegalArgumentException("Name a permission, or use Needs.Simple.KEYS");
            }
        }
    }

    enum Simple implements Needs {
        /// API key and application key, or a token, and nothing more.
        KEYS,
        /// The API key alone.
        API_KEY,
        /// Open to everyone.
        NOTHING,
        /// Open, never limited, and not logged while it is well: for load balancers and scrapers.
        HEALTH
    }

    static Needs oneOf(Permission... permissions) {
        return new OneOf(List.of(permissions));
    }
}
