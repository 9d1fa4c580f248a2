package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.TenantTable;
import roster.support.TestRoster;

/// What features say of their tables, against what the database has: anonymising and other walks through all tables are
/// complete only if this holds.
class TenantTablesTest {
    /// Not of an organisation: the installation's own, and the schema's history.
    private static final Set<String> NO_TENANT = Set.of("installation", "flyway_schema_history", "guesses",
        "sign_in_flows", "spent_tokens");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<TenantTable> tables() {
        return roster.program().features().stream().flatMap(feature -> feature.tables().stream()).toList();
    }

    private static Set<String> found(String sql, Object... values) {
        return roster.sql(sql, values).stream().map(row -> (String) row.getFirst())
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> columns(String table) {
        return found("SELECT column_name::text FROM information_schema.columns "
            + "WHERE table_schema = 'public' AND table_name = ?", table);
    }

    @Test
    void every_table_is_named_by_one_feature() {
        var exist = found("SELECT table_name::text FROM information_schema.tables "
            + "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'");
        exist.removeAll(NO_TENANT);
        assertThat(tables()).extracting(TenantTable::name).doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(exist);
    }

    @Test
    void columns_that_are_named_exist() {
        for (var table : tables()) {
            var columns = columns(table.name());
            assertThat(columns).as(table.name()).contains(table.org(), table.distributedBy())
                .containsAll(table.personal());
            table.user().ifPresent(rows -> assertThat(columns).as(table.name()).contains(rows.column()));
            assertThat(columns.contains("version")).as("%s has a version", table.name()).isEqualTo(table.versioned());
        }
    }

    /// Times that decide what happens: they are repaired in an organisation that was written while the clock was ahead.
    private static final Set<String> REPAIRED_TIMES = Set.of("orgs.written_at", "invitations.expires_at",
        "letters.good_until", "letters.next_attempt_at", "letters.claimed_until", "idempotency_keys.created_at",
        "invitation_counts.at", "api_keys.last_used_at", "application_keys.last_used_at", "access_tokens.last_used_at",
        "sessions.created_at", "sessions.fresh_until", "sessions.last_seen_at", "mail_links.expires_at",
        "trail_verifications.next_attempt_at", "trail_verifications.claimed_until",
        "trail_verifications.good_until", "selections.good_until", "bulk_jobs.next_attempt_at",
        "bulk_jobs.claimed_until", "bulk_jobs.good_until");

    /// Times that callers chose.
    private static final Set<String> CHOSEN_TIMES =
        Set.of("access_tokens.expires_at", "saml_configurations.expires_at");

    /// When something happened, as the audit trail has it as well. Nothing is decided by these, or only up to now.
    private static final Set<String> RECORDED_TIMES =
        Set.of("orgs.created_at", "orgs.modified_at", "users.created_at", "users.modified_at", "users.last_login_at",
            "roles.created_at", "roles.modified_at", "role_member_sums.changed_at", "api_keys.created_at",
            "api_keys.modified_at",
            "application_keys.created_at", "access_tokens.created_at", "access_tokens.modified_at",
            "access_tokens.revoked_at", "invitations.created_at", "invitations.accepted_at", "invitations.cancelled_at",
            "invitation_requests.asked_at", "letters.created_at", "letters.sent_at", "audit_entries.at",
            "org_configs.modified_at", "passwords.set_at", "ip_allowlist_entries.created_at",
            "ip_allowlist_entries.modified_at", "saml_configurations.created_at", "saml_configurations.modified_at",
            "authn_mappings.created_at", "authn_mappings.modified_at", "sessions.ended_at", "sessions.ends_at",
            "mail_links.created_at", "mail_links.used_at", "mail_links.cancelled_at", "guesses.first_at",
            "guesses.last_at", "guesses.next_at", "sign_in_flows.expires_at",
            "spent_tokens.expires_at", "oidc_providers.secret_set_at", "oidc_providers.created_at",
            "oidc_providers.modified_at", "oidc_providers.removed_at", "identities.linked_at",
            "identities.last_used_at", "totp_secrets.confirmed_at", "recovery_codes.created_at",
            "passkeys.created_at", "passkeys.last_used_at", "selections.created_at", "bulk_jobs.created_at",
            "bulk_jobs.started_at", "bulk_jobs.ended_at", "trail_verifications.created_at",
            "trail_verifications.ended_at", "scim_users.changed_at", "scim_clients.at",
            "scim_failures.first_at", "scim_failures.last_at");

    /// See [roster.base.db.TimeRepair].
    @Test
    void it_is_known_of_each_time_whether_it_is_repaired_after_the_clock_was_ahead() {
        var known = new TreeSet<>(REPAIRED_TIMES);
        known.addAll(CHOSEN_TIMES);
        known.addAll(RECORDED_TIMES);

        assertThat(found("SELECT table_name || '.' || column_name FROM information_schema.columns "
            + "JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public' "
            + "AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone' "
            + "AND table_name <> 'flyway_schema_history'")).isEqualTo(known);
    }

    @Test
    void versioned_tables_are_read_by_organisation_and_version() {
        for (var table : tables()) {
            if (table.versioned() && !table.name().equals("orgs")) {
                assertThat(found("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ?",
                    table.name())).as(table.name()).anyMatch(index -> index.contains("(org_id, version"));
            }
        }
    }

    /// What else may hold a user: a foreign key on users, or a column called after them.
    @Test
    void tables_with_rows_of_users_say_so() {
        var own = tables().stream().filter(table -> table.user().isPresent()).map(TenantTable::name).toList();
        assertThat(own).containsAll(found("SELECT table_name::text FROM information_schema.columns "
            + "WHERE table_schema = 'public' AND column_name = 'user_id'"));
    }
}
