package roster.core.role;

import java.util.Map;
import roster.model.Caller;
import roster.model.Role;

/// How many have a role, without counting them each time.
@FunctionalInterface
public interface MemberCounts {
    /// For each role of the caller's organisation its enabled users; a role that nobody has may be left out. No older
    /// than the caller's request.
    Map<Role.Id, Long> enabled(Caller caller);
}
