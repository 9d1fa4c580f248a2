package roster.core.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.model.Org;

/// What events are about, as it was right after each: the present one, with the later changes to it undone by the entries that
/// tell of them. Nothing is stored for it, so that an anonymisation reaches all of it.
public final class ObjectAsOf {
    /// The most later entries about one thing that are undone, and the most about all of a page.
    static final int LATER_OF_ONE_MAX = 2000;
    static final int LATER_MAX = 20_000;

    private static final String LAST_LOGIN = "last_login_time";

    /// Kinds whose creation is no change.
    private static final Set<ObjectKind> NEVER_CHANGED = Set.of(ObjectKind.ACCESS_TOKEN, ObjectKind.ORG_CONFIG);

    /// Entries about users that change nothing of them, and that they have many of.
    private static final List<String> NOTHING_CHANGED = List.of("session.ended", "sign_in.succeeded", "sign_in.failed",
        "sign_in.refused", "recovery_codes.used", "password.reset_sent", "sign_in_link.addresses_sent");

    private static final Comparator<Event> LATEST_FIRST =
        Comparator.comparing((Event event) -> event.id().sequence()).reversed();

    private final Map<ObjectKind, CurrentFacts> current;

    ObjectAsOf(Map<ObjectKind, CurrentFacts> current) {
        this.current = current;
    }

    /// A thing right after an event.
    ///
    /// @param facts in the words of the trail and of the API; none if there was none, or its kind has none
    /// @param omitted whether it could not be told, as it has changed too often since
    public record Told(Optional<Map<String, Object>> facts, boolean omitted) {
        static final Told NOTHING = new Told(Optional.empty(), false);
    }

    private record Thing(ObjectKind kind, UUID id) {}

    /// Tells of as many of these events as can be told at once, the first ones, and of one at least.
    ///
    /// @param events of one organisation, in order
    public List<Told> right(Tx tx, Org.Id org, List<Event> events) {
        var some = events;
        while (true) {
            var later = later(tx, org, some);
            if (later.size() <= LATER_MAX || some.size() == 1) {
                return told(tx, org, some, later);
            }
            some = some.subList(0, Math.max(1, some.size() / 10));
        }
    }

    /// The last configuration of SAML is the only one: what is preferred for it has the id of the organisation.
    private static Optional<Thing> thing(Event event) {
        return event.kind()
            .map(kind -> new Thing(kind, kind == ObjectKind.SAML_CONFIGURATION ? event.id().org().value()
                : event.subjectId()));
    }

    /// Entries behind the first event that are about the same things, the latest first.
    private static List<Event> later(Tx tx, Org.Id org, List<Event> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        var concerned = new LinkedHashSet<UUID>();
        events.forEach(event -> {
            concerned.add(event.concerned());
            concerned.add(event.subjectId());
            if (event.kind().filter(ObjectKind.SAML_CONFIGURATION::equals).isPresent()) {
                concerned.add(org.value());
            }
        });
        return tx.query("SELECT " + Event.COLUMNS + """
             FROM unnest(?::uuid[]) AS named (id)
            CROSS JOIN LATERAL (SELECT * FROM audit_entries
                                 WHERE org_id = ? AND COALESCE(about, subject_id) = named.id AND version >= ?
                                   AND action <> ALL (?)
                                 ORDER BY version DESC, entry DESC LIMIT ?) e
             LIMIT ?
            """, List.copyOf(concerned), org, events.getFirst().id().version(), NOTHING_CHANGED, LATER_OF_ONE_MAX,
            LATER_MAX + 1).list(Event::of).stream().sorted(LATEST_FIRST).toList();
    }

    private List<Told> told(Tx tx, Org.Id org, List<Event> events, List<Event> later) {
        var byThing =
            grouped(later.stream().flatMap(entry -> things(entry).stream().map(one -> Map.entry(one, entry))));
        var byConcerned = grouped(later.stream().map(entry -> Map.entry(entry.concerned(), entry)));
        var now = now(tx, org, events);
        var told = new HashMap<EventId, Told>();
        var stale = new ArrayList<Event>();
        var things = new HashMap<Thing, Undoing>();
        for (var event : events.reversed()) {
            var thing = thing(event).filter(one -> current.containsKey(one.kind()));
            if (thing.isEmpty()) {
                continue;
            }
            if (isCut(byConcerned, event.concerned(), event) || isCut(byConcerned, event.subjectId(), event)) {
                told.put(event.id(), new Told(Optional.empty(), true));
                continue;
            }
            var back = things.computeIfAbsent(thing.get(), one -> new Undoing(one.kind(), now.get(one),
                byThing.getOrDefault(one, List.of())));
            back.backTo(event.id());
            if (back.changed()) {
                stale.add(event);
            }
            told.put(event.id(), new Told(Optional.ofNullable(back.facts()), false));
        }
        deletedRoles(tx, org, events, told);
        changedAt(tx, org, stale, told);
        signedInAt(tx, org, events, told);
        return events.stream().map(event -> told.getOrDefault(event.id(), Told.NOTHING)).toList();
    }

    private static <K> Map<K, List<Event>> grouped(Stream<Map.Entry<K, Event>> entries) {
        return entries.collect(Collectors.groupingBy(Map.Entry::getKey,
            Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /// Whether there are more later entries than were read.
    private static boolean isCut(Map<UUID, List<Event>> byConcerned, UUID id, Event event) {
        var entries = byConcerned.getOrDefault(id, List.of());
        return entries.size() >= LATER_OF_ONE_MAX && entries.getLast().id().isBehind(event.id());
    }

    /// What an entry changes: its subject, and the user whom it is about.
    private static List<Thing> things(Event entry) {
        var things = new ArrayList<Thing>();
        thing(entry).ifPresent(things::add);
        entry.about().ifPresent(user -> things.add(new Thing(ObjectKind.USER, user)));
        return things;
    }

    private Map<Thing, Map<String, Object>> now(Tx tx, Org.Id org, List<Event> events) {
        var ids = events.stream().flatMap(event -> thing(event).stream()).collect(
            Collectors.groupingBy(Thing::kind,
                Collectors.mapping(Thing::id, Collectors.toCollection(LinkedHashSet::new))));
        var now = new HashMap<Thing, Map<String, Object>>();
        ids.forEach((kind, some) -> Optional.ofNullable(current.get(kind))
            .ifPresent(facts -> facts.of(tx, org, some).forEach((id, all) -> now.put(new Thing(kind, id), all))));
        return now;
    }

    /// Of a role that was deleted since, no entry tells who lost it: their earlier ones tell who had it.
    private static void deletedRoles(Tx tx, Org.Id org, List<Event> events, Map<EventId, Told> told) {
        var deleted = new HashMap<String, Long>();
        tx.query("SELECT id, version FROM gone WHERE org_id = ? AND version > ? AND kind = 'role'", org,
            events.getFirst().id().version())
            .each(row -> deleted.put(row.uuid("id").toString(), row.number("version")));
        var holders =
            events.stream().filter(ObjectAsOf::hasRoles).flatMap(event -> thing(event).stream()).map(Thing::id)
                .collect(Collectors.toSet());
        if (deleted.isEmpty() || holders.isEmpty()) {
            return;
        }
        var byHolder = grouped(memberships(tx, org, holders, deleted.keySet()).stream()
            .map(entry -> Map.entry(entry.concerned(), entry)));
        for (var event : events.stream().filter(ObjectAsOf::hasRoles).toList()) {
            told.getOrDefault(event.id(), Told.NOTHING).facts().ifPresent(facts -> {
                var entries = byHolder.getOrDefault(thing(event).orElseThrow().id(), List.of());
                var roles = new LinkedHashSet<>(Undoing.roles(facts));
                deleted.forEach((role, version) -> {
                    if (version > event.id().version() && held(entries, event.id(), role)) {
                        roles.add(role);
                    }
                });
                facts.put(is(event, ObjectKind.USER) ? Undoing.ROLES : Undoing.DEFAULT_ROLES, new ArrayList<>(roles));
            });
        }
    }

    private static boolean hasRoles(Event event) {
        return is(event, ObjectKind.USER) || is(event, ObjectKind.SAML_CONFIGURATION);
    }

    private static boolean is(Event event, ObjectKind kind) {
        return event.kind().filter(kind::equals).isPresent();
    }

    /// The latest first.
    private static List<Event> memberships(Tx tx, Org.Id org, Set<UUID> holders, Set<String> roles) {
        return tx.query("SELECT " + Event.COLUMNS + """
             FROM unnest(?::uuid[]) AS named (id)
            CROSS JOIN LATERAL (SELECT * FROM audit_entries
                                 WHERE org_id = ? AND COALESCE(about, subject_id) = named.id
                                   AND (action IN ('role.member_added', 'role.member_removed')
                                        AND subject_id::text = ANY (?)
                                        OR subject_kind = 'user' AND jsonb_exists(after, 'roles')
                                        OR subject_kind = 'saml_configuration' AND jsonb_exists(after, 'default_roles'))
                                OFFSET 0) e
             ORDER BY e.version DESC, e.entry DESC
            """, List.copyOf(holders), org, List.copyOf(roles)).list(Event::of);
    }

    /// @param entries the latest first
    private static boolean held(List<Event> entries, EventId at, String role) {
        for (var entry : entries) {
            if (entry.id().isBehind(at)) {
                continue;
            }
            for (var name : List.of(Undoing.ROLES, Undoing.DEFAULT_ROLES)) {
                if (entry.after().has(name)) {
                    return entry.after().get(name).valueStream().anyMatch(one -> one.asString().equals(role));
                }
            }
            if (entry.subjectId().toString().equals(role)) {
                return entry.type().equals("role.member_added");
            }
        }
        return false;
    }

    /// When things were changed last, where what changed them last was undone.
    private static void changedAt(Tx tx, Org.Id org, List<Event> events, Map<EventId, Told> told) {
        for (var kind : events.stream().map(event -> event.kind().orElseThrow()).collect(Collectors.toSet())) {
            var some = events.stream().filter(event -> is(event, kind)).toList();
            var before = some.stream().filter(event -> !Undoing.changes(kind, event.type())).toList();
            var at = latest(tx, org, before, Undoing.changes(kind));
            some.stream().filter(event -> Undoing.changes(kind, event.type()))
                .forEach(event -> at.put(event.id(), Optional.of(event.at())));
            at.forEach((id, time) -> told.get(id).facts().ifPresent(facts -> facts.put(CurrentObjects.MODIFIED_AT,
                time.or(() -> NEVER_CHANGED.contains(kind) ? Optional.empty() : createdAt(facts)).orElse(null))));
        }
    }

    private static Optional<Instant> createdAt(Map<String, Object> facts) {
        return Optional.ofNullable(facts.get("created_at")).map(Object::toString).map(text -> text.replace("\"", ""))
            .map(Instant::parse);
    }

    /// When users had signed in last.
    private static void signedInAt(Tx tx, Org.Id org, List<Event> events, Map<EventId, Told> told) {
        var some = events.stream().filter(event -> is(event, ObjectKind.USER)
            && told.containsKey(event.id()) && told.get(event.id()).facts()
                .filter(facts -> facts.get(LAST_LOGIN) instanceof Instant at && at.isAfter(event.at())).isPresent())
            .toList();
        latest(tx, org, some, Set.of("sign_in.succeeded"))
            .forEach((id, at) -> told.get(id).facts().orElseThrow().put(LAST_LOGIN, at.orElse(null)));
    }

    /// The time of the latest entry of some kinds about the subject of each event, up to this event.
    private static Map<EventId, Optional<Instant>> latest(Tx tx, Org.Id org, List<Event> events,
        Set<String> actions) {
        var found = new LinkedHashMap<EventId, Optional<Instant>>();
        if (events.isEmpty()) {
            return found;
        }
        events.forEach(event -> found.put(event.id(), Optional.empty()));
        tx.query("""
            SELECT named.number, e.at
              FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::int[]) WITH ORDINALITY
                   AS named (id, subject, version, entry, number)
             CROSS JOIN LATERAL (SELECT at FROM audit_entries
                                  WHERE org_id = ? AND COALESCE(about, subject_id) = named.id
                                    AND version <= named.version
                                    AND (version, entry) <= (named.version, named.entry)
                                    AND subject_id = named.subject AND action = ANY (?)
                                  ORDER BY version DESC, entry DESC LIMIT 1) e
            """, events.stream().map(Event::concerned).toList(), events.stream().map(Event::subjectId).toList(),
            events.stream().map(one -> one.id().version()).toList(),
            events.stream().map(one -> one.id().entry()).toList(), org, List.copyOf(actions))
            .each(row -> found.put(events.get((int) row.number("number") - 1).id(), Optional.of(row.instant("at"))));
        return found;
    }
}
