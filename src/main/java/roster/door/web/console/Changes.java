package roster.door.web.console;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import roster.core.audit.TrailEntry;
import roster.core.org.OrgConfig;
import roster.model.Id;
import roster.model.User.Status;
import tools.jackson.databind.JsonNode;

/// The facts of an entry of the audit trail before and after, in words.
final class Changes {
    /// Of an entry that tells only this, whether the user was active or pending then is not known.
    private static final String NOT_DISABLED = "Not disabled";

    private static final String STATUS = "status";

    /// Of an allowlist.
    private static final String NETWORKS = "entries";

    /// Told by other fields, or by the entry itself.
    private static final Set<String> HIDDEN =
        Set.of("created_at", "service_account", "user", "owner", "verified", "disabled", "handle", "session");

    /// A setting whose value is the id of a role.
    private static final String DEFAULT_ROLE = OrgConfig.SCIM_DEFAULT_ROLE.text();

    private static final Set<String> ENDED = Set.of("sessions", "application_keys", "access_tokens");

    private static final Map<String, String> LABELS = Map.of("email_proved", "proof of the address",
        "allowed_login_methods", "ways to sign in", "invite_type", "kind", "last4", "ends in", "why", "reason",
        NETWORKS, "networks", "mfa", "second factor", "seen", "last sign-in", "text", "search");

    private final Times times;
    private final Map<UUID, String> roles;

    /// @param roles names of those that entries have by their ids
    Changes(Times times, Map<UUID, String> roles) {
        this.times = times;
        this.roles = roles;
    }

    /// The ids of roles that entries have.
    static Set<UUID> roles(List<TrailEntry> entries) {
        var ids = new LinkedHashSet<UUID>();
        entries.forEach(entry -> List.of(entry.before(), entry.after()).forEach(facts -> facts.path("roles")
            .forEach(role -> Id.parse(role.asString("")).ifPresent(ids::add))));
        entries.forEach(entry -> List.of(entry.before(), entry.after())
            .forEach(facts -> Id.parse(facts.path(DEFAULT_ROLE).asString("")).ifPresent(ids::add)));
        return ids;
    }

    /// What the fields are called that an entry changes, as in a sentence.
    static List<String> fields(TrailEntry entry) {
        var names = names(entry).stream().filter(name -> !HIDDEN.contains(name)).map(Changes::label)
            .collect(Collectors.toCollection(ArrayList::new));
        status(entry.after()).ifPresent(_ -> names.add(STATUS));
        return names.isEmpty() ? List.of("nothing that is shown") : names;
    }

    private static Set<String> names(TrailEntry entry) {
        var names = new LinkedHashSet<String>();
        entry.before().propertyNames().forEach(names::add);
        entry.after().propertyNames().forEach(names::add);
        return names;
    }

    private static String label(String name) {
        return LABELS.getOrDefault(name, name.replace('_', ' '));
    }

    private static Optional<String> status(JsonNode facts) {
        if (facts.path("disabled").asBoolean(false)) {
            return Optional.of(Status.DISABLED.text());
        }
        if (facts.has("verified")) {
            return Optional.of((facts.path("verified").asBoolean() ? Status.ACTIVE : Status.PENDING).text());
        }
        return facts.has("disabled") ? Optional.of(NOT_DISABLED) : Optional.empty();
    }

    /// Each fact that differs.
    List<Difference> of(TrailEntry entry) {
        var all = new ArrayList<Difference>();
        var was = status(entry.before());
        var is = status(entry.after());
        if (was.isPresent() || is.isPresent()) {
            all.add(new Difference("Status", was.orElse("none"), is.orElse("none")));
        }
        var said = DirectoryFacts.areIn(entry);
        if (said) {
            all.addAll(DirectoryFacts.of(entry));
        }
        names(entry).stream().filter(name -> !HIDDEN.contains(name)
            && !(said && name.equals(DirectoryFacts.NAME))).forEach(name -> {
                var before = shown(name, entry.before().path(name));
                var after = shown(name, entry.after().path(name));
                if (!before.equals(after)) {
                    all.add(new Difference(Words.capital(label(name)), before, after));
                }
            });
        return all;
    }

    /// What ended together: what each was called.
    static List<Difference> ended(List<TrailEntry> entries) {
        var kind = entries.getFirst().subjectKind().replace('_', ' ');
        return List.of(new Difference(Words.capital(kind) + "s",
            entries.stream().map(TrailEntry::subjectName).collect(Collectors.joining(", ")), "none"));
    }

    private String shown(String name, JsonNode value) {
        if (ENDED.contains(name)) {
            return value.isEmpty() ? "none" : Words.number(value.size());
        }
        if (name.equals("roles")) {
            var names = StreamSupport.stream(value.spliterator(), false).map(role -> Id.parse(role.asString(""))
                .map(id -> roles.getOrDefault(id, "a role of then")).orElse("no role")).toList();
            return names.isEmpty() ? "none" : String.join(", ", names);
        }
        if (name.equals(DEFAULT_ROLE)) {
            return Id.parse(value.asString("")).map(id -> roles.getOrDefault(id, "a role of then")).orElse("none");
        }
        if (name.equals(NETWORKS)) {
            var networks = networks(value);
            return networks.isEmpty() ? "none" : String.join(", ", networks);
        }
        return time(value).orElseGet(() -> text(value));
    }

    /// The networks of an allowlist, each with its note.
    private static List<String> networks(JsonNode entries) {
        return StreamSupport.stream(entries.spliterator(), false)
            .map(one -> one.path("cidr_block").asString("") + (one.path("note").asString("").isEmpty() ? ""
                : " (" + one.path("note").asString("") + ")"))
            .toList();
    }

    private Optional<String> time(JsonNode value) {
        if (!value.isString() || !value.asString().endsWith("Z")) {
            return Optional.empty();
        }
        try {
            return Optional.of(times.full(Instant.parse(value.asString())).text());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /// What a setting is now, in a sentence.
    static String value(TrailEntry entry) {
        var text = text(entry.after().path(entry.subjectName()));
        return text.isEmpty() ? "none" : entry.subjectName().equals(DEFAULT_ROLE) ? "another role" : text;
    }

    /// A value as text.
    static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "none";
        }
        if (value.isArray()) {
            return value.isEmpty() ? "none" : StreamSupport.stream(value.spliterator(), false).map(Changes::text)
                .collect(Collectors.joining(", "));
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "yes" : "no";
        }
        return value.isString() ? value.asString() : value.toString();
    }
}
