package roster.core.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.net.Network;
import roster.core.audit.TrailEntry.Way;
import roster.model.Id;
import roster.model.Org;

/// What pages look for in the trail; conditions on the view `audit_events`.
///
/// @param from,to both included
/// @param text part of what is told of an entry: the names and addresses of those who acted and who are told of, what it is
///     about, the network address, the request; or an id. In any letter case
/// @param written in the language of the API
/// @param by those who acted: ids of users, and what others are recorded as ([#isActor])
/// @param about ids of users, roles, keys and whatever else there is
public record TrailQuery(Instant from, Instant to, Optional<String> text, AuditQuery written, Optional<Topic> topic,
    Optional<Way> way, List<String> by, List<UUID> about) {
    /// The longest text, in characters, and how many may be named.
    public static final int TEXT_MAX = 200;
    public static final int NAMED_MAX = 20;

    /// Actors without a name.
    private static final Set<String> SAID = Set.of("bootstrap", "visitor", "invitee");

    private static final Pattern OTHERS = Pattern.compile("(cli|sql|org):.{1,100}|bootstrap|visitor|invitee");

    public TrailQuery {
        by = List.copyOf(by);
        about = List.copyOf(about);
    }

    /// What an entry says that tells of this search.
    ///
    /// @param known those of [#others] whom the trail knows as actors
    Map<String, Object> facts(Tx tx, Org.Id org, Set<String> known) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("from", from);
        facts.put("to", to);
        text.ifPresent(sought -> facts.put("text", SoughtText.kept(tx, org, sought)));
        if (!written.equals(AuditQuery.ALL)) {
            facts.put("query", SoughtText.NOT_KEPT); // words of it may be names, too
        }
        topic.ifPresent(one -> facts.put("what", one.word()));
        way.ifPresent(one -> facts.put("source", one.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        if (!by.isEmpty()) {
            facts.put("by", by.stream().map(one -> others().contains(one) && !known.contains(one)
                ? SoughtText.NOT_KEPT : one).distinct().toList());
        }
        if (!about.isEmpty()) {
            facts.put("about", about.stream().map(UUID::toString).toList());
        }
        return facts;
    }

    /// The actors who are named by a text that may be anything.
    List<String> others() {
        return by.stream().filter(one -> Id.parse(one).isEmpty() && !SAID.contains(one)).toList();
    }

    /// Whether a text names one who may have acted.
    public static boolean isActor(String text) {
        return Id.parse(text).isPresent() || OTHERS.matcher(text).matches();
    }

    /// Whether it asks for everything of its time.
    boolean isOfAll() {
        return text.isEmpty() && written.equals(AuditQuery.ALL) && topic.isEmpty() && way.isEmpty() && by.isEmpty()
            && about.isEmpty();
    }

    Where where(Org.Id org) {
        var where = Where.of("v.org_id = ? AND v.at >= ? AND v.at <= ?", org, from, to);
        topic.ifPresent(one -> where.and("split_part(v.action, '.', 1) = ANY (?)", one.nouns));
        way.ifPresent(one -> where.and("(" + one.condition + ")"));
        if (!by.isEmpty()) {
            addBy(where);
        }
        if (!about.isEmpty()) {
            where.and("(v.subject_id = ANY (?::uuid[]) OR v.about = ANY (?::uuid[]))", about, about);
        }
        text.ifPresent(
            sought -> Id.parse(sought).ifPresentOrElse(id -> addId(where, id), () -> addText(where, sought)));
        where.and("(" + written.sql() + ")", written.values().toArray());
        return where;
    }

    /// A user who had not signed in yet is no actor of the entry, but the one it tells of.
    private void addBy(Where where) {
        var users = new ArrayList<UUID>();
        var others = new ArrayList<String>();
        by.forEach(one -> Id.parse(one).ifPresentOrElse(users::add, () -> others.add(one)));
        where.and("""
            (v.usr_uuid = ANY (?::uuid[])
             OR v.usr_uuid IS NULL AND v.usr_id = ANY (?::text[])
             OR v.usr_uuid IS NULL AND v.actor_kind IN ('INVITEE', 'VISITOR')
                AND COALESCE(v.about, v.subject_id) = ANY (?::uuid[]))""", users, others, users);
    }

    private static void addId(Where where, UUID id) {
        where.and("""
            (? IN (v.subject_id, v.about, v.usr_uuid, v.api_key_id, v.application_key_id, v.access_token_id, v.session_id)
             OR v.request_id = ?)""", id, id.toString());
    }

    private static void addText(Where where, String sought) {
        where.and("""
            strpos(lower(concat_ws(chr(10), v.asset_name, v.usr_id, v.usr_name, v.usr_email, v.user_name, v.user_email,
                                   v.address, v.request_id)), ?) > 0""", spelled(sought));
    }

    /// A network address as entries have it, in whatever form it was typed.
    private static String spelled(String sought) {
        try {
            return Network.text(Network.literal(sought));
        } catch (IllegalArgumentException e) { // part of one, or something else
            return sought.toLowerCase(Locale.ROOT);
        }
    }
}
