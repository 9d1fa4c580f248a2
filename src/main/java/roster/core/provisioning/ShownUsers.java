package roster.core.provisioning;

import roster.model.Email;

/// Whom SCIM shows, as SQL conditions on `u`, a row of `users`: people who are not anonymised, and not deleted over it.
final class ShownUsers {
    private static final String PEOPLE = "NOT u.service_account AND u.email NOT LIKE '%" + Email.ANONYMOUS + "'";

    /// For queries with `s`, the row of `scim_users`, if there is one.
    static final String JOINED = PEOPLE + " AND s.hidden IS NOT TRUE";

    /// For queries of `users` alone.
    static final String ALONE = PEOPLE + """
         AND NOT EXISTS (SELECT 1 FROM scim_users h WHERE h.org_id = u.org_id AND h.user_id = u.id AND h.hidden)
        """;

    private ShownUsers() {}
}
