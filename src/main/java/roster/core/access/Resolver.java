package roster.core.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Permission;
import roster.model.SecondStep;
import roster.model.User;

/// Finds what one kind of credentials stands for, by SQL: by their digest, and again by id under the lock of a write.
interface Resolver<P extends Presented> {
    /// @return none if it is unknown, revoked or expired, or its user or organisation is disabled
    Optional<Found> find(Tx tx, P presented);

    /// The same for a caller who was admitted before.
    Optional<Found> again(Tx tx, Caller caller);

    /// What credentials stand for.
    ///
    /// @param user none for an API key alone
    /// @param scopes none: everything the user may do
    /// @param standing of a session
    /// @param unseen whether a use is to be written down at once
    /// @param expiresAt of a token or session that expires, by the clock of the database, which showed `askedAt` just now
    record Found(Org.Id org, long version, long stamp, Optional<ActingUser> user, Optional<UUID> apiKey,
        Optional<UUID> applicationKey, Optional<UUID> accessToken, Optional<UUID> session,
        Optional<List<String>> scopes, Optional<SessionStanding> standing, Optional<Instant> expiresAt,
        Instant askedAt, boolean unseen) {
        /// What [#of] reads of a user and the organisation, in every query of a resolver with a user.
        static final String COLUMNS = """
            o.id AS org_id, o.version, o.stamp, roster_now() AS asked_at, u.id AS user_id, u.handle,
            u.service_account""";

        /// @param row with [#COLUMNS], `api_key_id`, `application_key_id`, `access_token_id`, `session_id`, `scopes`, `expires_at`,
        ///     `unseen`
        static Found of(Row row) {
            return new Found(new Org.Id(row.uuid("org_id")), row.number("version"), row.number("stamp"),
                Optional.of(new ActingUser(new User.Id(row.uuid("user_id")), row.text("handle"),
                    row.bool("service_account"))),
                row.optionalUuid("api_key_id"), row.optionalUuid("application_key_id"),
                row.optionalUuid("access_token_id"), row.optionalUuid("session_id"), row.optionalTexts("scopes"),
                Optional.empty(),
                row.optionalInstant("expires_at"), row.instant("asked_at"), row.bool("unseen"));
        }

        Found standing(SessionStanding session) {
            return new Found(org, version, stamp, user, apiKey, applicationKey, accessToken, this.session, scopes,
                Optional.of(session), expiresAt, askedAt, unseen);
        }
    }

    /// What of a session decides whether a second step is missing.
    ///
    /// @param shown whether a second factor was shown in it
    /// @param vouched whether a provider that is trusted with it said that one was shown there
    /// @param has whether the user has a second factor
    /// @param policy of the organisation
    record SessionStanding(boolean shown, boolean vouched, boolean has, SecondFactorPolicy policy) {
        SecondStep missing(Set<Permission> held) {
            if (vouched || has && shown) {
                return SecondStep.NONE;
            }
            return has ? SecondStep.SHOW : policy.asks(held) ? SecondStep.ENROL : SecondStep.NONE;
        }
    }

    /// The user that credentials stand for.
    record ActingUser(User.Id id, String handle, boolean serviceAccount) {}
}
