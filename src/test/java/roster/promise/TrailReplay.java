package roster.promise;

import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import roster.base.json.Json;
import roster.support.TestOrg;
import tools.jackson.databind.JsonNode;

/// Everything in an organisation as its audit trail tells it: forwards from nothing, or backwards from how it is now.
final class TrailReplay {
    /// An entry of the trail.
    ///
    /// @param before,after facts; none where the thing did not exist
    record Entry(long version, String action, String kind, String id, String about, Map<String, String> before,
        Map<String, String> after, String at) {
        private String verb() {
            return action.substring(action.indexOf('.') + 1);
        }

        private boolean creates() {
            return Set.of("created", "issued", "sent", "linked").contains(verb());
        }

        private boolean showsNothing() {
            return SHOWS_NOTHING.contains(action) || verb().equals("accessed")
                || !after.isEmpty() && UNSEEN.containsAll(after.keySet());
        }

        private boolean deletes() {
            return Set.of("deleted", "revoked", "unlinked").contains(verb());
        }
    }

    /// Facts that no list shows.
    private static final Set<String> UNSEEN =
        Set.of("application_keys", "access_tokens", "invitations", "password_set_at", "managed", "asked", "delivery",
            "why", "may_have_children", "provider_name", "scim", "skipped");

    /// Entries after which nothing is shown otherwise. What becomes of children is in their own trails.
    private static final Set<String> SHOWS_NOTHING =
        Set.of("session.ended", "sign_in.failed", "sign_in.refused", "sign_in_link.made", "sign_in_link.addresses_sent",
            "password.reset_sent", "password.reset", "password.changed", "user.password_set", "invitation.requested",
            "invitation.bounced", "org.touched", "org.child_created", "org.child_disabled", "second_factor.renamed",
            "recovery_codes.made", "recovery_codes.used", "user_list.exported", "audit_trail.exported",
            "identity.letter_sent", "scim.members_skipped",
            "authn_mapping.applied",
            "authn_mapping.withheld", "authn_mapping.skipped", "user.profile_changed", "scim.roles_skipped",
            "scim.roles_stale", "scim.invitation_skipped");

    private static final Map<String, String> LISTED_TWICE =
        Map.of("enabled", "enable_domain_allowlist", "domains", "domain_allowlist");

    private final String org;
    private final Map<String, Map<String, String>> things = new TreeMap<>();

    /// Who lost a role when it was deleted: told by the entries before.
    private final Map<String, List<String>> holders;

    /// Identities that ended with their provider, by the version at which it was removed: told by the entries before.
    private final Map<Long, Map<String, Map<String, String>>> unlinked;

    /// Users who are anonymised later, seen from the end.
    private final Set<String> gone = new HashSet<>();

    /// When each thing was changed so far, told by the times of the entries.
    private final Map<String, Deque<String>> changes;

    /// Kinds whose lists show when a thing was changed last.
    private static final Set<String> SHOW_CHANGES = Set.of("user", "role", "api_key", "org", "authn_mapping");

    private static final String ENABLED = "enabled";
    private static final String LAST_LOGIN = "last_login_time";

    /// @param things that are the same in every new organisation, and told of only when they change; or all, to go backwards
    private TrailReplay(TestOrg org, Map<String, Map<String, String>> things, Map<String, List<String>> holders,
        Map<Long, Map<String, Map<String, String>>> unlinked, Map<String, Deque<String>> changes) {
        this.org = org.id().toString();
        things.forEach((key, facts) -> this.things.put(key, new TreeMap<>(facts)));
        this.holders = holders;
        this.unlinked = unlinked;
        this.changes = changes;
    }

    static TrailReplay nothing(TestOrg org, Map<String, Map<String, String>> defaults) {
        return new TrailReplay(org, defaults, new HashMap<>(), new HashMap<>(), new HashMap<>());
    }

    /// How it is after these entries were told: the place to go backwards from.
    TrailReplay fromHere(TestOrg of, Map<String, Map<String, String>> seen) {
        var told = new TrailReplay(of, seen, holders, unlinked, changes);
        told.things.computeIfAbsent(preferences(), each -> new TreeMap<>(things.get(preferences())));
        return told;
    }

    Map<String, Map<String, String>> things() {
        var shown = new TreeMap<String, Map<String, String>>();
        things.forEach((key, facts) -> shown.put(key, new TreeMap<>(facts)));
        var preferred = shown.remove(preferences());
        shown.forEach((key, facts) -> {
            if (key.startsWith("saml_configuration ") && preferred != null) {
                facts.putAll(preferred);
            }
        });
        return shown;
    }

    static List<Entry> entries(TestOrg org) {
        var entries = new ArrayList<Entry>();
        for (var row : org.roster().sql("""
            SELECT version, action, subject_kind, subject_id, about, before::text, after::text, at
              FROM audit_entries WHERE org_id = ? ORDER BY version, entry
            """, org.id().value())) {
            entries.add(new Entry((long) row.get(0), (String) row.get(1), (String) row.get(2), row.get(3).toString(),
                Optional.ofNullable((UUID) row.get(4)).map(UUID::toString).orElse(""), facts(row.get(5)),
                facts(row.get(6)),
                ((Timestamp) row.get(7)).toInstant().toString()));
        }
        return entries;
    }

    private static Map<String, String> facts(Object json) {
        var facts = new TreeMap<String, String>();
        if (json != null) {
            JsonNode tree = Json.parse(((String) json).getBytes(StandardCharsets.UTF_8));
            tree.properties().forEach(each -> facts.put(each.getKey(), ListedState.word(each.getValue())));
        }
        return facts;
    }

    void forwards(Entry entry) {
        if (entry.action().equals("role.deleted")) {
            holders.put(entry.id(), things.keySet().stream()
                .filter(key -> list(things.get(key).getOrDefault("roles", things.get(key).get("default_roles")))
                    .contains(entry.id()))
                .toList());
            holders.get(entry.id()).forEach(key -> changeRoles(key, entry.id(), false));
        }
        if (entry.action().equals("identity_provider.deleted")) {
            var ended = new TreeMap<>(things);
            ended.entrySet().removeIf(one -> !one.getKey().startsWith("identity ")
                || !one.getValue().get("provider").equals(entry.id()));
            unlinked.put(entry.version(), ended);
            things.keySet().removeAll(ended.keySet());
        }
        tell(entry, entry.before(), entry.after(), entry.creates(), entry.deletes(), true);
    }

    void backwards(Entry entry) {
        if (entry.action().equals("user.anonymized")) {
            gone.add(entry.id());
        }
        if (Set.of("invitation", "identity").contains(entry.kind()) && gone.contains(entry.about())) {
            return; // deleted with their user, and not told again
        }
        tell(entry, entry.after(), entry.before(), entry.deletes(), entry.creates(), false);
        if (entry.action().equals("role.deleted")) {
            holders.get(entry.id()).forEach(key -> changeRoles(key, entry.id(), true));
        }
        if (entry.action().equals("identity_provider.deleted")) {
            unlinked.get(entry.version()).forEach((key, facts) -> things.put(key, new TreeMap<>(facts)));
        }
    }

    /// @param is the facts from here on
    private void tell(Entry entry, Map<String, String> was, Map<String, String> is, boolean begins, boolean ends,
        boolean forwards) {
        if (entry.showsNothing()) {
            return;
        }
        switch (entry.action()) {
            case "role.member_added", "role.member_removed" ->
                changeRoles(ListedState.key("user", entry.about()), entry.id(),
                    entry.action().endsWith("added") == forwards);
            case "identity_provider.override_updated" -> {
                things.get(ListedState.key("user", entry.id())).putAll(is);
                changed(ListedState.key("user", entry.id()), entry, false, false, forwards);
            }
            case "identity_provider.created", "identity_provider.updated", "identity_provider.deleted" ->
                tellProvider(entry, was, is, begins, ends, forwards);
            case "second_factor.added", "second_factor.removed", "second_factor.reset" ->
                Optional.ofNullable(is.get("mfa_enabled")).ifPresent(
                    has -> things.get(ListedState.key("user", entry.id())).put("mfa_enabled", has));
            case "sign_in.succeeded" -> signedIn(entry, forwards);
            case "org_config.updated" -> is.forEach(this::configured);
            case "domain_allowlist.updated" -> is.forEach((name, value) -> configured(LISTED_TWICE.get(name), value));
            default -> {
                var key = ListedState.key(entry.kind(), entry.id());
                if (ends) {
                    things.remove(key);
                } else {
                    var facts = begins ? new TreeMap<String, String>() : things.get(key);
                    Objects.requireNonNull(facts, entry::toString);
                    if (begins) {
                        beginnings(entry, facts);
                        things.put(key, facts);
                    }
                    was.keySet().forEach(facts::remove);
                    facts.putAll(is);
                    UNSEEN.forEach(facts::remove);
                }
                if (SHOW_CHANGES.contains(entry.kind())) {
                    changed(key, entry, begins, ends, forwards);
                }
            }
        }
        if (forwards && entry.action().equals("user.anonymized")) {
            things.entrySet().removeIf(one -> one.getKey().matches("(invitation|identity) .*")
                && one.getValue().get("user").equals(entry.id()));
        }
    }

    /// A provider is listed among the methods, with whether it is enabled, and as it is configured. Google is enabled as a
    /// method only.
    private void tellProvider(Entry entry, Map<String, String> was, Map<String, String> is, boolean begins,
        boolean ends, boolean forwards) {
        var method = ListedState.key(entry.kind(), entry.id());
        if (is.containsKey(ENABLED)) {
            things.computeIfAbsent(method, each -> new TreeMap<>()).put(ENABLED, is.get(ENABLED));
        } else if (was.containsKey(ENABLED)) {
            things.remove(method);
        }
        var key = ListedState.key(ListedState.PROVIDER, entry.id());
        var configured = begins ? new TreeMap<String, String>() : things.get(key);
        if (configured == null || !begins && is.keySet().equals(Set.of(ENABLED))
            && configured.get("profile").equals("google")) {
            return; // a method alone
        }
        configured.putAll(is);
        configured.remove(ENABLED);
        things.put(key, configured);
        if (ends) {
            things.remove(key);
        }
        changed(key, entry, begins, ends, forwards);
    }

    /// The list shows milliseconds.
    private void signedIn(Entry entry, boolean forwards) {
        var times = changes.computeIfAbsent(LAST_LOGIN + entry.id(), each -> new ArrayDeque<>());
        if (forwards) {
            times.push(Instant.parse(entry.at()).truncatedTo(ChronoUnit.MILLIS).toString());
        } else {
            times.pop();
        }
        things.get(ListedState.key("user", entry.id())).put(LAST_LOGIN,
            Optional.ofNullable(times.peek()).orElse("null"));
    }

    private void changed(String key, Entry entry, boolean begins, boolean ends, boolean forwards) {
        var times = changes.computeIfAbsent(key, each -> new ArrayDeque<>());
        if (forwards && !ends) {
            times.push(begins ? entry.after().getOrDefault("created_at", entry.at()) : entry.at());
        } else if (!forwards && !begins) {
            times.pop();
        }
        if (!ends) {
            things.get(key).put("modified_at", times.element());
        }
    }

    /// What a new thing has that is not told, as nothing is set yet.
    private static void beginnings(Entry entry, Map<String, String> facts) {
        if (entry.kind().equals("invitation")) {
            facts.putAll(Map.of("accepted_at", "null", "cancelled_at", "null"));
        }
        if (entry.kind().equals("role")) {
            facts.put("external_id", "null");
        }
        if (entry.kind().equals("user")) {
            facts.putAll(Map.of("allowed_login_methods", "[]", "mfa_enabled", "false", LAST_LOGIN, "null"));
        }
        if (entry.kind().equals("identity")) {
            facts.put("user", entry.about());
        }
    }

    private void configured(String name, String value) {
        LISTED_TWICE.forEach((fact, config) -> {
            if (config.equals(name)) {
                things.get(ListedState.key("domain_allowlist", org)).put(fact, value);
            }
        });
        if (name.equals("saml_idp_initiated")) {
            things.get(preferences()).put("idp_initiated", value);
        }
        Optional.ofNullable(things.get(ListedState.key("org_config", name)))
            .ifPresent(facts -> facts.put("value", value));
    }

    private void changeRoles(String key, String role, boolean has) {
        var facts = things.get(key);
        var name = facts.containsKey("roles") ? "roles" : "default_roles";
        var roles = new ArrayList<>(list(facts.get(name)));
        roles.remove(role);
        if (has) {
            roles.add(role);
        }
        facts.put(name, ListedState.word(roles));
    }

    private static List<String> list(String word) {
        return word == null || word.equals("[]") ? List.of()
            : List.of(word.substring(1, word.length() - 1).split(", "));
    }

    /// Set by calls of their own, also without a configuration to show them.
    private String preferences() {
        return ListedState.key("saml_configuration", org);
    }

    /// As long as nothing was preferred.
    static Map<String, Map<String, String>> noPreferences(TestOrg org) {
        return Map.of(ListedState.key("saml_configuration", org.id().toString()),
            Map.of("idp_initiated", "false", "jit_domains", "[]", "default_roles", "[]"));
    }
}
