package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailEntry.Named;
import roster.door.web.console.Sentence.Part;
import tools.jackson.databind.JsonNode;

/// What entries of the audit trail say, each in one sentence. Every kind of entry has its own.
public final class Sentences {
    /// Of a user of whom it may no longer be told who they are.
    static final String ANONYMISED = "a person who was anonymised";

    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)}");

    /// What comes after the actor, by the kind of the entry. `{person}` is whom it tells of, `{of}` the same after *of*,
    /// `{subject}` what it is about as it was called then.
    private static final Map<String, String> ALL = Map.ofEntries(
        Map.entry("user.created", "added {person}"),
        Map.entry("user.updated", "changed {fields}{of}"),
        Map.entry("user.disabled", "disabled {person}"),
        Map.entry("user.enabled", "enabled {person}"),
        Map.entry("user.verified", "{joined}"),
        Map.entry("user.password_set", "set a password{for}"),
        Map.entry("user.anonymized", "anonymised a person"),
        Map.entry("user.profile_changed", "{said}"),
        Map.entry("user.deprovisioned", "deleted {person} over SCIM"),
        Map.entry("user.restored", "restored {person} over SCIM"),
        Map.entry("scim.roles_skipped", "left out roles{of} that there are not"),
        Map.entry("scim.roles_stale", "left roles{of} as they were: the directory had read older ones"),
        Map.entry("scim.members_skipped", "left out members of the role {subject} who are no people here"),
        Map.entry("scim.invitation_skipped", "did not invite {person}: there were too many invitations"),
        Map.entry("user_list.exported", "exported {people}"),
        Map.entry("audit_trail.exported", "exported {entries} of the audit trail"),
        Map.entry("invitation.sent", "invited {person}"),
        Map.entry("invitation.resent", "resent the invitation{of}"),
        Map.entry("invitation.cancelled", "cancelled the invitation{of}"),
        Map.entry("invitation.accepted", "accepted the invitation"),
        Map.entry("invitation.requested", "asked for a new invitation"),
        Map.entry("invitation.bounced", "noted that the invitation{of} came back"),
        Map.entry("invitation.expiry_repaired", "repaired the end of the invitation{of}"),
        Map.entry("role.created", "created the role {subject}"),
        Map.entry("role.updated", "changed the role {subject}{permissions}"),
        Map.entry("role.permission_granted", "changed the role {subject}{permissions}"),
        Map.entry("role.permission_revoked", "changed the role {subject}{permissions}"),
        Map.entry("role.deleted", "deleted the role {subject}"),
        Map.entry("role.member_added", "gave {person} the role {subject}"),
        Map.entry("role.member_removed", "took the role {subject} from {person}"),
        Map.entry("api_key.issued", "created the API key {subject}"),
        Map.entry("api_key.updated", "{renamed} the API key {subject}"),
        Map.entry("api_key.accessed", "saw the API key {subject}"),
        Map.entry("api_key.revoked", "revoked the API key {subject}"),
        Map.entry("application_key.issued", "created the application key {subject}{of}"),
        Map.entry("application_key.updated", "changed the application key {subject}{of}"),
        Map.entry("application_key.revoked", "revoked the application key {subject}{of}"),
        Map.entry("access_token.issued", "created the access token {subject}{of}"),
        Map.entry("access_token.updated", "changed the access token {subject}{of}"),
        Map.entry("access_token.revoked", "revoked the access token {subject}{of}"),
        Map.entry("sign_in.succeeded", "signed in with {method}"),
        Map.entry("sign_in.failed", "failed to sign in with {method}"),
        Map.entry("sign_in.refused", "was refused: {reason}"),
        Map.entry("sign_in_link.made", "made a link to sign in{for}"),
        Map.entry("sign_in_link.addresses_sent", "asked where to sign in"),
        Map.entry("session.ended", "ended a session{of}: {subject}"),
        Map.entry("password.changed", "changed the password{of}"),
        Map.entry("password.reset", "reset the password{of}"),
        Map.entry("password.reset_sent", "asked for a link to reset the password{of}"),
        Map.entry("second_factor.added", "added a second factor"),
        Map.entry("second_factor.removed", "removed a second factor{of}"),
        Map.entry("second_factor.renamed", "renamed a passkey{of}"),
        Map.entry("second_factor.reset", "reset the second factors{of}"),
        Map.entry("recovery_codes.made", "made new recovery codes"),
        Map.entry("recovery_codes.used", "used a recovery code"),
        Map.entry("identity.linked", "linked an account at {subject}{to}"),
        Map.entry("identity.unlinked", "unlinked the account at {subject}{of}"),
        Map.entry("identity.letter_sent", "asked for an email to link an account"),
        Map.entry("identity_provider.created", "added the provider {subject}"),
        Map.entry("identity_provider.updated", "changed signing in with {subject}"),
        Map.entry("identity_provider.deleted", "removed the provider {subject}"),
        Map.entry("identity_provider.override_updated", "changed how {person} may sign in"),
        Map.entry("authn_mapping.created", "created the role mapping {subject}"),
        Map.entry("authn_mapping.updated", "changed the role mapping {subject}"),
        Map.entry("authn_mapping.deleted", "deleted the role mapping {subject}"),
        Map.entry("authn_mapping.applied", "changed roles{of} by role mappings"),
        Map.entry("authn_mapping.withheld",
            "left roles{of} as they were: role mappings would give more than may be given"),
        Map.entry("authn_mapping.skipped", "left roles{of} as they were: role mappings did not apply"),
        Map.entry("saml_configuration.created", "set up SAML"),
        Map.entry("saml_configuration.updated", "changed the SAML settings"),
        Map.entry("org_config.updated", "set {subject} to {value}"),
        Map.entry("ip_allowlist.updated", "{networks}"),
        Map.entry("domain_allowlist.updated", "{domains}"),
        Map.entry("org.created", "created the organisation"),
        Map.entry("org.updated", "changed {fields} of the organisation"),
        Map.entry("org.disabled", "disabled the organisation"),
        Map.entry("org.enabled", "enabled the organisation"),
        Map.entry("org.child_created", "created the organisation {subject}"),
        Map.entry("org.child_disabled", "disabled the organisation {subject}"),
        Map.entry("org.clock_repaired", "repaired times that were ahead"),
        Map.entry("org.touched", "edited the database by hand: {why}"));

    /// The same for several entries of one write that are told together.
    private static final Map<String, String> SEVERAL = Map.ofEntries(
        Map.entry("user.created", "added {number} people{invited}"),
        Map.entry("user.disabled", "disabled {number} people"),
        Map.entry("user.enabled", "enabled {number} people"),
        Map.entry("role.member_added", "gave {number} people the role {subject}"),
        Map.entry("role.member_removed", "took the role {subject} from {number} people"),
        Map.entry("invitation.sent", "invited {number} people"),
        Map.entry("invitation.resent", "resent the invitations of {number} people"),
        Map.entry("invitation.cancelled", "cancelled {number} invitations{of}"),
        Map.entry("session.ended", "ended {number} sessions{of}"),
        Map.entry("application_key.revoked", "revoked {number} application keys{of}"),
        Map.entry("access_token.revoked", "revoked {number} access tokens{of}"));

    private static final Map<String, String> METHODS = Map.of("standard", "a password", "google_oidc", "Google", "oidc",
        "a provider", "saml", "SAML", "link", "a link of the operator");

    /// Attributes that are named in a sentence.
    private static final int SAID_MAX = 3;

    private final Link link;
    private final Optional<UUID> them;

    /// @param them a user who is called so, as the page is about them
    Sentences(Link link, Optional<UUID> them) {
        this.link = link;
        this.them = them;
    }

    /// The kinds of entries that have a sentence.
    public static Set<String> kinds() {
        return ALL.keySet();
    }

    /// Whether several entries of a kind can be told together.
    static boolean tellsOfSeveral(String action) {
        return SEVERAL.containsKey(action);
    }

    /// How a user signed in, as `a password`.
    static String method(String recorded) {
        return METHODS.getOrDefault(recorded, recorded.replace('_', ' '));
    }

    /// Who acted.
    Part actor(TrailEntry entry) {
        var user = entry.isOfVisitor() ? entry.concerned() : entry.actor();
        return user.map(one -> one.name().isPresent() ? named(one) : Part.words(Words.capital(ANONYMISED)))
            .orElseGet(() -> Part.name(actorName(entry.actorName()), Optional.empty()));
    }

    /// Who acted, where it was no user, as it was recorded.
    static String actorName(String recorded) {
        var colon = recorded.indexOf(':');
        return switch (colon < 0 ? recorded : recorded.substring(0, colon)) {
            case "bootstrap" -> "Roster";
            case "cli", "sql" -> "operator " + recorded.substring(colon + 1);
            case "org" -> "the organisation above";
            case "visitor", "invitee" -> "a visitor";
            default -> recorded;
        };
    }

    private Part named(Named user) {
        return user.name().map(name -> Part.name(name,
            link.to(user.service() ? ServiceAccountPages.ACCOUNT : PersonPages.PATH, user.id())))
            .orElseGet(() -> Part.words(ANONYMISED));
    }

    /// What they did in one write.
    ///
    /// @param counts of its entries that are told together, by action
    Sentence did(TrailEntry entry, Map<String, Long> counts) {
        var number = counts.getOrDefault(entry.action(), 1L);
        var invited = counts.containsKey("invitation.sent");
        var pattern = number > 1 && SEVERAL.containsKey(entry.action()) ? SEVERAL.get(entry.action())
            .replace("{number}", Words.number(number)).replace("{invited}", invited ? " and invited them" : "")
            : invited && entry.action().equals("user.created") ? ALL.get("invitation.sent")
            : ALL.getOrDefault(entry.action(), entry.action().replace('_', ' ').replace('.', ' ') + " {subject}");
        var parts = new ArrayList<Part>();
        var at = 0;
        for (var place = PLACE.matcher(pattern); place.find();) {
            words(parts, pattern.substring(at, place.start()));
            parts.addAll(filled(place.group(1), entry));
            at = place.end();
        }
        words(parts, pattern.substring(at));
        return new Sentence(parts);
    }

    private static void words(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(Part.words(text));
        }
    }

    private List<Part> filled(String place, TrailEntry entry) {
        return switch (place) {
            case "person" -> List.of(person(entry));
            case "joined" -> isOneself(entry) ? List.of(Part.words("joined"))
                : List.of(Part.words("made "), person(entry), Part.words(" active"));
            case "of", "for", "to" -> isThem(entry) || isOneself(entry) || entry.concerned().isEmpty() ? List.of()
                : List.of(Part.words(" " + place + " "), person(entry));
            case "subject" -> List.of(Part.name(entry.subjectName(), entry.subjectKind().equals("role")
                ? link.to("/console/roles/{id}", entry.subject()) : Optional.empty()));
            case "fields" -> List.of(Part.words(Words.list(Changes.fields(entry))));
            case "permissions" -> List.of(Part.words(permissions(entry)));
            case "networks" -> List.of(Part.words(allowlist("networks", networks(entry.before()),
                networks(entry.after()), entry)));
            case "domains" -> List.of(Part.words(allowlist("domains", texts(entry.before().path("domains")),
                texts(entry.after().path("domains")), entry)));
            case "renamed" -> List.of(Part.words(isRenamed(entry) ? "renamed" : "changed"));
            case "people" -> List.of(Part.words(Words.people(entry.after().path("count").asLong(0))));
            case "entries" -> List.of(Part.words(entries(entry.after().path("count").asLong(0))));
            case "method" -> List.of(Part.words(method(entry.after().path("method").asString(""))));
            case "reason" -> List.of(Part.words(entry.after().path("reason").asString("").replace('_', ' ')));
            case "said" -> said(entry);
            case "why" -> List.of(Part.words(entry.after().path("why").asString("")));
            case "value" -> List.of(Part.words(Changes.value(entry)));
            default -> throw new IllegalStateException(place);
        };
    }

    /// What a directory said of a person: that it begins, or which attributes are others now.
    private List<Part> said(TrailEntry entry) {
        if (DirectoryFacts.begin(entry)) {
            return List.of(Part.words("began to provision "), person(entry));
        }
        var names = DirectoryFacts.areIn(entry) ? DirectoryFacts.of(entry).stream().map(Difference::field).toList()
            : List.<String>of();
        var parts = new ArrayList<Part>();
        parts.add(Part.words("changed " + (names.isEmpty() ? "what the directory says" : names.size() > SAID_MAX
            ? Words.counted(names.size(), "attribute") : Words.list(names))));
        parts.addAll(filled("of", entry));
        return parts;
    }

    private boolean isThem(TrailEntry entry) {
        return entry.concerned().map(Named::id).filter(id -> them.filter(id::equals).isPresent()).isPresent();
    }

    private static boolean isOneself(TrailEntry entry) {
        return entry.isOfVisitor()
            || entry.concerned().isPresent() && entry.concerned().map(Named::id).equals(entry.actor().map(Named::id));
    }

    /// `1 entry`, `12,345 entries`.
    static String entries(long number) {
        return number == 1 ? "1 entry" : Words.number(number) + " entries";
    }

    /// The user whom an entry tells of, with the way to their page.
    Part whom(TrailEntry entry) {
        return entry.concerned().map(this::named).orElseGet(() -> Part.name(entry.subjectName(), Optional.empty()));
    }

    private Part person(TrailEntry entry) {
        if (isOneself(entry)) {
            return Part.words("themselves");
        }
        return isThem(entry) ? Part.words("them") : whom(entry);
    }

    /// `: 2 permissions more, 1 fewer`
    private static String permissions(TrailEntry entry) {
        var was = texts(entry.before().path("permissions"));
        var is = texts(entry.after().path("permissions"));
        var more = is.stream().filter(one -> !was.contains(one)).count();
        var fewer = was.stream().filter(one -> !is.contains(one)).count();
        if (more == 0 && fewer == 0) {
            return "";
        }
        return ": " + (more == 0 ? Words.counted(fewer, "permission") + " fewer"
            : Words.counted(more, "permission") + " more" + (fewer == 0 ? "" : ", " + fewer + " fewer"));
    }

    /// `changed the networks: 2 more, 1 fewer`, or that they count from now on, or no longer.
    private static String allowlist(String what, List<String> was, List<String> is, TrailEntry entry) {
        var more = is.stream().filter(one -> !was.contains(one)).count();
        var fewer = was.stream().filter(one -> !is.contains(one)).count();
        var on = entry.after().path("enabled");
        if (more > 0 || fewer > 0) {
            return "changed the " + what + ": " + Words.number(more) + " more, " + Words.number(fewer) + " fewer";
        }
        return on.isMissingNode() || on.equals(entry.before().path("enabled")) ? "changed the " + what
            : (on.asBoolean(false) ? "switched on the list of " : "switched off the list of ") + what;
    }

    private static List<String> networks(JsonNode facts) {
        return StreamSupport.stream(facts.path("entries").spliterator(), false)
            .map(one -> one.path("cidr_block").asString("")).toList();
    }

    private static boolean isRenamed(TrailEntry entry) {
        return List.copyOf(entry.after().propertyNames()).equals(List.of("name"));
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asString).toList();
    }
}
