package roster.base.http;

import java.util.List;
import roster.model.Caller;
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

    /// Valid keys or a valid token, whose caller holds all of these permissions.
    record AllOf(List<Permission> permissions) implements Needs {
        public AllOf {
            permissions = List.copyOf(permissions);
            if (permissions.isEmpty()) {
                throw new IllegalArgumentException("Name a permission, or use Needs.Simple.KEYS");
            }
        }
    }

    /// A page for users who are signed in and hold at least one of these permissions.
    record SessionOf(List<Permission> permissions) implements Needs {
        public SessionOf {
            permissions = List.copyOf(permissions);
            if (permissions.isEmpty()) {
                throw new IllegalArgumentException("Name a permission, or use Needs.Simple.SESSION");
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
        /// Open to everyone; but keys or a token that are sent must be valid.
        KEYS_IF_SENT,
        /// Open to everyone.
        NOTHING,
        /// Open, never limited, and logged only on failure: for load balancers and scrapers.
        HEALTH
    }

    static Needs oneOf(Permission... permissions) {
        return new OneOf(List.of(permissions));
    }

    static Needs allOf(Permission... permissions) {
        return new AllOf(List.of(permissions));
    }

    static Needs sessionOf(Permission... permissions) {
        return new SessionOf(List.of(permissions));
    }

    /// Whether it is called by a session in a browser, and by nothing else.
    default boolean isSession() {
        return this == Simple.SESSION || this instanceof SessionOf;
    }

    /// Whether a caller who is let in holds what is needed.
    default boolean areMetBy(Caller caller) {
        return switch (this) {
            case OneOf(var permissions) -> permissions.stream().anyMatch(caller::holds);
            case AllOf(var permissions) -> permissions.stream().allMatch(caller::holds);
            case SessionOf(var permissions) -> permissions.stream().anyMatch(caller::holds);
            case Simple _ -> true;
        };
    }
}
