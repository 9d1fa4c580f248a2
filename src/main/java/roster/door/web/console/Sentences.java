package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.core.audit.Happenings.Deed;
import roster.core.audit.Happenings.Happening;
import roster.core.audit.Happenings.Person;
import roster.model.Email;
import tools.jackson.databind.JsonNode;

/// What the trail says, in sentences: who did what to whom.
public final class Sentences {
    private static final String ROLE = "/console/roles/{id}";

    /// By action. `{person}` is the user it is about, `{name}` what it is about; others are worked out below.
    private static final Map<String, String> SENTENCES = Map.ofEntries(
        Map.entry("user.created", "{added}"), Map.entry("user.updated", "changed {fields} of {person}"),
        Map.entry("user.disabled", "disabled {person}"), Map.entry("user.enabled", "enabled {person}"),
        Map.entry("user.verified", "{joined}"), Map.entry("user.anonymized", "anonymised a person"),
        Map.entry("user.password_set", "chose a password"),
        Map.entry("role.created", "created the role {name}"), Map.entry("role.deleted", "deleted the role {name}"),
        Map.entry("role.updated", "changed the role {name}{permissions}"),
        Map.entry("role.permission_granted", "changed the role {name}{permissions}"),
        Map.entry("role.permission_revoked", "changed the role {name}{permissions}"),
        Map.entry("role.member_added", "gave {people} the role {name}"),
        Map.entry("role.member_removed", "took the role {name} from {people}"),
        Map.entry("api_key.issued", "created the API key {name}"),
        Map.entry("api_key.updated", "renamed the API key {name}"),
        Map.entry("api_key.accessed", "saw the API key {name}"),
        Map.entry("api_key.revoked", "revoked the API key {name}"),
        Map.entry("application_key.issued", "created the application key {name} of {person}"),
        Map.entry("application_key.updated", "changed the application key {name} of {person}"),
        Map.entry("application_key.revoked", "revoked the application key {name} of {person}"),
        Map.entry("access_token.issued", "created the access token {name} of {person}"),
        Map.entry("access_token.updated", "changed the access token {name} of {person}"),
        Map.entry("access_token.revoked", "revoked the access token {name} of {person}"),
        Map.entry("invitation.sent", "invited {people}"),
        Map.entry("invitation.resent", "resent the invitation of {people}"),
        Map.entry("invitation.cancelled", "cancelled the invitation of {people}"),
        Map.entry("invitation.accepted", "accepted the invitation"),
        Map.entry("invitation.requested", "asked for a new invitation"),
        Map.entry("invitation.bounced", "noted that the invitation of {person} came back"),
        Map.entry("invitation.expiry_repaired", "repaired when invitations expire"),
        Map.entry("org.created", "created the organisation {name}"),
        Map.entry("org.updated", "changed the organisation"),
        Map.entry("org.disabled", "disabled the organisation"), Map.entry("org.enabled", "enabled the organisation"),
        Map.entry("org.child_created", "created the organisation {name}"),
        Map.entry("org.child_disabled", "disabled the organisation {name}"),
        Map.entry("org.clock_repaired", "repaired the clock of the organisation"),
        Map.entry("org.touched", "changed rows by hand"), Map.entry("org_config.updated", "set {name} to {value}"),
        Map.entry("ip_allowlist.updated", "changed the networks{networks}"),
        Map.entry("domain_allowlist.updated", "changed the domains for reports"),
        Map.entry("saml_configuration.created", "configured SAML"),
        Map.entry("saml_configuration.updated", "changed the configuration of SAML"),
        Map.entry("identity_provider.created", "added the way to sign in {name}"),
        Map.entry("identity_provider.updated", "changed the way to sign in {name}"),
        Map.entry("identity_provider.deleted", "removed the way to sign in {name}"),
        Map.entry("identity_provider.override_updated", "changed how {person} may sign in"),
        Map.entry("authn_mapping.created", "created the mapping {name}"),
        Map.entry("authn_mapping.updated", "changed the mapping {name}"),
        Map.entry("authn_mapping.deleted", "deleted the mapping {name}"),
        Map.entry("authn_mapping.applied", "got roles by mappings"),
        Map.entry("authn_mapping.withheld", "got fewer roles by mappings than they name"),
        Map.entry("authn_mapping.skipped", "got no roles by mappings"),
        Map.entry("identity.linked", "linked the account {name} of {person}"),
        Map.entry("identity.unlinked", "unlinked the account {name} of {person}"),
        Map.entry("identity.letter_sent", "was sent an email that links an account"),
        Map.entry("session.ended", "ended {sessions} of {person}"),
        Map.entry("password.changed", "changed the password"),
        Map.entry("password.reset", "reset the password by email"),
        Map.entry("password.reset_sent", "sent {person} an email that resets the password"),
        Map.entry("second_factor.added", "added a second factor"),
        Map.entry("second_factor.removed", "removed a second factor"),
        Map.entry("second_factor.renamed", "renamed a passkey"),
        Map.entry("second_factor.reset", "reset the second factors of {person}"),
        Map.entry("recovery_codes.made", "made new recovery codes"),
        Map.entry("recovery_codes.used", "used a recovery code"),
        Map.entry("sign_in.succeeded", "signed in with {method}"),
        Map.entry("sign_in.failed", "was refused: {reason}"), Map.entry("sign_in.refused", "was refused: {reason}"),
        Map.entry("sign_in_link.made", "made a sign-in link for {person}"),
        Map.entry("sign_in_link.addresses_sent", "was sent the pages to sign in on"),
        Map.entry("user_list.exported", "exported {exported}"));

    /// What fields are called in sentences.
    private static final Map<String, String> FIELDS = Map.of("email", "address", "email_proved", "address", "handle",
        "handle", "name", "name", "title", "title", "verified", "status", "disabled", "status");

    private static final Pattern PART = Pattern.compile("\\{([a-z]+)}|[^{]+");

    /// A part of a sentence.
    ///
    /// @param href where it leads; none: nowhere
    public record Part(String text, boolean strong, Optional<String> href) {}

    /// @param source such as `Console`
    public record Sentence(Avatar avatar, String actor, List<Part> parts, Times.Shown at, String source) {}

    private final Link link;
    private final Times times;

    public Sentences(Link link, Times times) {
        this.link = link;
        this.times = times;
    }

    /// Whether there is a sentence for an action.
    static boolean knows(String action) {
        return SENTENCES.containsKey(action);
    }

    public Sentence of(Happening happening) {
        var deed = happening.deeds().getFirst();
        var parts = new ArrayList<Part>();
        PART.matcher(SENTENCES.getOrDefault(deed.action(), "changed {name}")).results().forEach(found -> {
            if (found.group(1) == null) {
                parts.add(new Part(found.group(), false, Optional.empty()));
            } else if (found.group(1).equals("added")) {
                parts.addAll(added(happening, deed));
            } else {
                parts.add(part(found.group(1), happening, deed));
            }
        });
        return new Sentence(avatar(happening), actor(happening), parts, times.brief(happening.at()), source(happening));
    }

    private Part part(String name, Happening happening, Deed deed) {
        return switch (name) {
            case "person" -> person(deed);
            case "people" -> count(happening, deed) > 1 ? plain(Words.people(count(happening, deed))) : person(deed);
            case "name" -> new Part(deed.subjectName(), true, deed.subjectKind().equals("role")
                ? link.to(ROLE, deed.subject()) : Optional.empty());
            case "joined" -> plain(happening.counts().containsKey("invitation.accepted") ? "accepted the invitation"
                : "joined");
            case "fields" -> plain(fields(deed));
            case "permissions" -> plain(more(": %s permissions more, %s fewer", deed, "permissions"));
            case "networks" -> plain(more(": %s more, %s fewer", deed, "entries"));
            case "sessions" -> plain(Words.counted(count(happening, deed), "session"));
            case "exported" -> plain(Words.people(deed.after().get("count").asLong()));
            default -> plain(said(deed.after().get(name.equals("value") ? deed.subjectName() : name)));
        };
    }

    private static long count(Happening happening, Deed deed) {
        return happening.counts().getOrDefault(deed.action(), 1L);
    }

    private List<Part> added(Happening happening, Deed deed) {
        var invited = happening.counts().containsKey("invitation.sent");
        var count = count(happening, deed);
        if (count > 1) {
            return List.of(plain("added " + Words.people(count) + (invited ? " and invited them" : "")));
        }
        return List.of(plain(invited ? "invited " : "added "), person(deed));
    }

    private Part person(Deed deed) {
        return deed.person().map(person -> new Part(name(person), true, Email.isAnonymous(person.email())
            ? Optional.<String>empty() : link.to(PeoplePages.PERSON, person.id())))
            .orElseGet(() -> new Part(deed.subjectName(), true, Optional.empty()));
    }

    private static String name(Person person) {
        return Email.isAnonymous(person.email()) ? "a person who was anonymised"
            : person.name().orElse(person.email());
    }

    private static Part plain(String text) {
        return new Part(text, false, Optional.empty());
    }

    private static String fields(Deed deed) {
        var names = new LinkedHashSet<String>();
        deed.after().keySet().forEach(field -> names.add(FIELDS.getOrDefault(field, field.replace('_', ' '))));
        return names.isEmpty() ? "the profile" : Words.list(List.copyOf(names));
    }

    /// How many values of a list are new, and how many are gone.
    private static String more(String text, Deed deed, String field) {
        var before = values(deed.before().get(field));
        var after = values(deed.after().get(field));
        if (before.equals(after)) {
            return "";
        }
        return text.formatted(Words.number(after.stream().filter(one -> !before.contains(one)).count()),
            Words.number(before.stream().filter(one -> !after.contains(one)).count()));
    }

    private static List<String> values(JsonNode list) {
        var values = new ArrayList<String>();
        if (list != null) {
            list.forEach(one -> values.add(one.toString()));
        }
        return values;
    }

    private static String said(JsonNode value) {
        return value == null ? "another value" : value.isString() ? value.asString().replace('_', ' ')
            : value.toString();
    }

    private static Avatar avatar(Happening happening) {
        return happening.actor().filter(person -> !person.serviceAccount())
            .map(person -> Avatar.of(person.id(), person.name(), person.email())).orElseGet(Avatar::machine);
    }

    /// `{account} (service account)`, `operator {name}`, `Roster`.
    private static String actor(Happening happening) {
        return happening.actor().map(person -> name(person) + (person.serviceAccount() ? " (service account)" : ""))
            .orElseGet(() -> switch (happening.actorKind()) {
                case "CLI" -> "operator " + happening.actorName().replaceFirst("^cli:", "");
                case "API_KEY" -> "an API key";
                case "VISITOR", "INVITEE" -> "a visitor";
                case "SQL" -> "an operator";
                default -> "Roster";
            });
    }

    private static String source(Happening happening) {
        return switch (happening.actorKind()) {
            case "CLI", "SQL" -> "Command line";
            case "INVITEE" -> "Join page";
            case "VISITOR" -> "Sign-in page";
            case "BOOTSTRAP" -> "Roster";
            default -> happening.credential().equals("session") ? "Console" : "API";
        };
    }
}
