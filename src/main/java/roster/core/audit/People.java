package roster.core.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.db.Tx;
import roster.model.Caller;
import roster.model.Email;
import roster.model.Org;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Users, and what in the audit trail tells who they are.
///
/// A detail that belongs to a user by id is theirs or not by that id alone. Any other is theirs as far as it mentions an
/// address that they had when the entry was made.
///
/// @param subjects ids of their invitations, and whose each is
/// @param foundings versions of the writes with which they created the organisation, as users of another one
/// @param addresses theirs
/// @param others the same addresses while other users had them
record People(Set<UUID> ids, Map<UUID, UUID> subjects, Map<Long, UUID> foundings, List<AddressPeriod> addresses,
    List<AddressPeriod> others) {
    private static final String VISITOR = Caller.Kind.VISITOR.name();

    /// An address, from the version at which a user got it to the one at which they lost it.
    record AddressPeriod(Mention mention, long from, long to) {
        private boolean at(long version) {
            return from <= version && version <= to;
        }
    }

    /// Members of details that identify a user: `scim` is all that directories said of them, `skipped` what they sent as roles
    /// and is none, which may be any text.
    private static final Set<String> OF_USERS = Set.of("email", "handle", "name", "title", "scim", "skipped");

    /// Members that identify a user in the details of something else.
    private static final Set<String> OF_OTHERS = Set.of("email", "handle", "recipient");

    /// Subjects that are called after a user.
    private static final Set<String> CALLED_AFTER = Set.of("user", "invitation", "identity_provider");

    /// @param known addresses that they had last, in case the trail does not reach back so far
    static People of(Tx tx, Org.Id org, Set<UUID> ids, Collection<String> known) {
        var subjects = new HashMap<UUID, UUID>();
        tx.query("""
            SELECT DISTINCT e.subject_id, e.about FROM audit_entries e
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) AND e.about IS NOT NULL
               AND e.subject_kind = 'invitation'
            """, org, ids).each(row -> subjects.put(row.uuid("subject_id"), row.uuid("about")));
        var addresses = new ArrayList<>(AddressHistory.of(tx, org, ids));
        known.stream()
            .filter(address -> address.indexOf('@') > 0 && !Email.isAnonymous(address))
            .filter(address -> addresses.stream().noneMatch(one -> one.mention().address().equals(address)))
            .forEach(address -> addresses.add(new AddressPeriod(new Mention(address), 0, Long.MAX_VALUE)));
        return new People(ids, subjects, foundings(tx, org, ids), List.copyOf(addresses), List.of());
    }

    private static Map<Long, UUID> foundings(Tx tx, Org.Id org, Set<UUID> ids) {
        var foundings = new HashMap<Long, UUID>();
        tx.query("""
            SELECT e.version, e.subject_id FROM audit_entries e
             WHERE e.org_id = ? AND e.subject_id = ANY (?::uuid[]) AND e.action = 'user.created'
               AND e.actor_kind = 'BOOTSTRAP' AND e.actor_id IS NULL
            """, org, ids).each(row -> foundings.put(row.number("version"), row.uuid("subject_id")));
        return foundings;
    }

    /// One user whose addresses the trail may no longer have, since they were erased: of this one, all that no other user
    /// had.
    static People of(Tx tx, Org.Id org, UUID id, String address) {
        var ids = Set.of(id);
        var others = Set.copyOf(tx.query("""
            SELECT e.subject_id FROM audit_entries e
             WHERE e.org_id = ? AND e.subject_kind = 'user' AND e.subject_id <> ?
               AND ? IN (e.before->>'email', e.before->>'handle', e.after->>'email', e.after->>'handle')
             UNION
            SELECT u.id FROM users u WHERE u.org_id = ? AND u.id <> ? AND ? IN (u.email, u.handle)
            """, org, id, address, org, id, address).list(row -> row.uuid("subject_id")));
        var theirs = of(tx, org, ids, List.of());
        return new People(ids, theirs.subjects(), theirs.foundings(),
            List.of(new AddressPeriod(new Mention(address), 0, Long.MAX_VALUE)),
            of(tx, org, others, others.isEmpty() ? List.of() : List.of(address)).addresses().stream()
                .filter(one -> one.mention().address().equals(address)).toList());
    }

    /// A detail without what tells who they are: the mark, or the rest of a text that mentions them.
    ///
    /// @return none for one that tells nothing of them
    Optional<JsonNode> without(Entry entry, String place, JsonNode value) {
        var owner = owner(entry, place);
        if (owner.isEmpty()) {
            return Optional.of(withoutMentions(entry.version(), value)).filter(left -> !left.equals(value));
        }
        var theirs = ids.contains(owner.get()) && !value.isNull()
            && !(value.isString() && value.asString().equals(Email.anonymous(owner.get())));
        return theirs ? Optional.of(StringNode.valueOf(Erased.MARK)) : Optional.empty();
    }

    /// Whom a detail tells of, where an id says it.
    private Optional<UUID> owner(Entry entry, String place) {
        if (place.equals(Entry.ADDRESS) && entry.actorKind().equals(VISITOR)) {
            return concerned(entry); // the user who signed in from there, or for whom it was tried
        }
        if (place.equals(Entry.ACTOR_NAME) || place.equals(Entry.ADDRESS)) {
            return entry.actor().or(() -> founder(entry));
        }
        var kind = entry.subjectKind();
        var member = place.substring(place.indexOf('.') + 1);
        var ofPerson = place.equals(Entry.SUBJECT_NAME) ? CALLED_AFTER.contains(kind)
            : (kind.equals("user") ? OF_USERS : OF_OTHERS).contains(member);
        return ofPerson ? concerned(entry) : Optional.empty();
    }

    /// Who created the organisation, if one of them did. The entries name them as they were called where they came from, and
    /// earlier versions noted their network address. Roster itself, at its first start, has neither.
    private Optional<UUID> founder(Entry entry) {
        var details = entry.details();
        var named = details.containsKey(Entry.ADDRESS) || details.get(Entry.ACTOR_NAME).indexOf('@') > 0;
        return entry.actorKind().equals(Caller.Kind.BOOTSTRAP.name()) && named
            ? Optional.ofNullable(foundings.get(entry.version())) : Optional.empty();
    }

    private Optional<UUID> concerned(Entry entry) {
        if (entry.about().isPresent()) {
            return entry.about();
        }
        return switch (entry.subjectKind()) {
            case "user", "identity_provider" -> Optional.of(entry.subjectId());
            case "invitation" -> Optional.ofNullable(subjects.get(entry.subjectId()));
            default -> Optional.empty();
        };
    }

    private JsonNode withoutMentions(long version, JsonNode value) {
        return switch (value) {
            case StringNode text -> StringNode.valueOf(withoutMentions(version, text.asString()));
            case ArrayNode list -> {
                var left = list.arrayNode();
                list.forEach(each -> left.add(withoutMentions(version, each)));
                yield left;
            }
            case ObjectNode members -> {
                var left = members.objectNode();
                members.properties()
                    .forEach(each -> left.set(each.getKey(), withoutMentions(version, each.getValue())));
                yield left;
            }
            default -> value;
        };
    }

    private String withoutMentions(long version, String text) {
        var left = text;
        for (var one : addresses) {
            if (one.at(version) && others.stream().noneMatch(other -> other.at(version))) {
                left = one.mention().replacedIn(left, Erased.MARK);
            }
        }
        return left;
    }
}
