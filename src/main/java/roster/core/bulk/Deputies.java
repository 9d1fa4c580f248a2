package roster.core.bulk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Tx;
import roster.core.access.Rights;
import roster.core.permission.Catalogue;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.User;

/// The makers of jobs as callers: with the rights that they have at a moment, though they do not call any more.
final class Deputies {
    private final Rights rights;

    Deputies(Rights rights) {
        this.rights = rights;
    }

    /// The maker of a job, who may do all that their roles allow them now.
    ///
    /// @return none if they are disabled, or their organisation is, or they are no user any more
    Optional<Caller> caller(Tx tx, Job job) {
        return tx.query("""
            SELECT u.handle, u.service_account, o.version, o.stamp
              FROM users u JOIN orgs o ON o.id = u.org_id
             WHERE u.org_id = ? AND u.id = ? AND u.verified AND NOT u.disabled AND NOT o.disabled
            """, job.org(), job.maker()).optional(row -> new Caller(
            row.bool("service_account") ? Caller.Kind.SERVICE_ACCOUNT : Caller.Kind.USER, job.org(),
            Optional.of(job.maker()), row.text("handle"), Caller.Credentials.NONE, Set.of(), row.number("version"),
            row.number("stamp"), List.of(job.order().act().needed()), job.request(), job.address()))
            .map(maker -> new Caller(maker.kind(), maker.org(), maker.user(), maker.name(), maker.credentials(),
                held(tx, job.maker(), maker), maker.version(), maker.stamp(), maker.needed(), maker.requestId(),
                maker.address()));
    }

    private Set<Permission> held(Tx tx, User.Id maker, Caller caller) {
        var held = rights.of(tx, caller.org(), maker);
        held.addAll(Catalogue.EVERYONE);
        return Set.copyOf(held);
    }
}
