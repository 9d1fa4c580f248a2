package roster.core.mail;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.mail.Delivery.State;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// Delivery states of e-mails: the SQL of the view `deliveries`, which has the newest e-mail about each subject. Other nouns
/// join it by `org_id`, `kind` and `subject_id`.
///
/// These states change without a version, so nodes do not cache them, and they are not part of an ETag.
public final class Deliveries {
    /// The longest reason of a bounce, in characters.
    public static final int REASON_MAX = 300;

    private static final String COLUMNS = """
        letter_id, subject_id, recipient, state, why, attempts, created_at, next_attempt_at, sent_at""";

    /// The same of any e-mail.
    private static final String LETTER_COLUMNS = """
        id AS letter_id, subject_id, recipient, state, last_error AS why, attempts, created_at,
        CASE WHEN state IN ('queued', 'deferred') THEN next_attempt_at END AS next_attempt_at, sent_at""";

    private final AuditLog audit;

    public Deliveries(AuditLog audit) {
        this.audit = audit;
    }

    /// @return none if no e-mail was ever queued about it
    public Optional<Delivery> of(Tx tx, Org.Id org, String kind, Id subject) {
        return tx.query("SELECT " + COLUMNS + """
             FROM deliveries WHERE org_id = ? AND kind = ? AND subject_id = ?
            """, org, kind, subject).optional(Deliveries::delivery);
    }

    /// By subject; those about which none was ever queued are missing.
    public Map<UUID, Delivery> of(Tx tx, Org.Id org, String kind, List<UUID> subjects) {
        var found = new HashMap<UUID, Delivery>();
        if (!subjects.isEmpty()) {
            tx.query("SELECT " + COLUMNS + """
                 FROM deliveries WHERE org_id = ? AND kind = ? AND subject_id = ANY (?::uuid[])
                """, org, kind, subjects).list(Deliveries::delivery).forEach(one -> found.put(one.subject(), one));
        }
        return found;
    }

    /// All e-mails about a subject, the newest first.
    ///
    /// @param most of them to list
    public List<Delivery> history(Tx tx, Org.Id org, String kind, Id subject, int most) {
        return tx.query("SELECT " + LETTER_COLUMNS + """
             FROM letters WHERE org_id = ? AND kind = ? AND subject_id = ?
            ORDER BY version DESC, created_at DESC, id DESC LIMIT ?
            """, org, kind, subject, most).list(Deliveries::delivery);
    }

    /// The subjects of which the newest e-mail is in one of these states.
    ///
    /// @param states other than sent
    public static Set<UUID> unsent(Tx tx, Org.Id org, String kind, Collection<State> states) {
        return Set.copyOf(tx.query("""
            SELECT l.subject_id FROM letters l
             WHERE l.org_id = ? AND l.kind = ? AND l.state <> 'sent' AND l.state = ANY (?)
               AND NOT EXISTS (SELECT 1 FROM letters n
                                WHERE n.org_id = l.org_id AND n.subject_id = l.subject_id AND n.kind = l.kind
                                  AND (n.version, n.created_at, n.id) > (l.version, l.created_at, l.id))
            """, org, kind, states.stream().map(State::text).toList()).list(row -> row.uuid("subject_id")));
    }

    /// The newest first.
    ///
    /// @param states to list
    /// @param most of them to list
    public List<Delivery> list(Tx tx, Org.Id org, String kind, Collection<State> states, int most) {
        return tx.query("SELECT " + COLUMNS + """
             FROM deliveries WHERE org_id = ? AND kind = ? AND state = ANY(?)
            ORDER BY created_at DESC, letter_id DESC LIMIT ?
            """, org, kind, states.stream().map(State::text).toList(), most).list(Deliveries::delivery);
    }

    /// The number of e-mails by state; states without any are left out.
    public Map<State, Long> counts(Tx tx, Org.Id org, String kind) {
        var counts = new EnumMap<State, Long>(State.class);
        tx.query("SELECT state, count(*) AS letters FROM deliveries WHERE org_id = ? AND kind = ? GROUP BY state", org,
            kind).each(row -> counts.put(state(row), row.number("letters")));
        return counts;
    }

    /// Records that an e-mail came back. A mail server reports that in an e-mail to the sender's address, which Roster does
    /// not read: a person or a program that does calls this. A second call changes nothing.
    ///
    /// @param named id of the e-mail, as in its `Message-ID`, or of its subject
    /// @param reason for people, 1 to [#REASON_MAX] characters
    /// @throws Refused with [NotFound] if there is no such e-mail, [Conflict] if it was never sent, [Invalid] for an
    ///     empty or too long reason
    public Delivery bounced(WriteTx tx, String kind, String named, String reason) {
        var why = Letter.oneLine(reason);
        if (why.isEmpty()) {
            throw new Refused(new Invalid("reason", "Shorter than minimum length 1."));
        }
        if (Text.length(why) > REASON_MAX) {
            throw new Refused(new Invalid("reason", "Longer than maximum length %d.".formatted(REASON_MAX)));
        }
        var delivery = Id.parse(named).flatMap(id -> named(tx, kind, id))
            .orElseThrow(() -> new Refused(new NotFound(named + " not found")));
        return switch (delivery.state()) {
            case BOUNCED -> delivery;
            case SENT -> {
                var about = tx.query("""
                    UPDATE letters SET state = 'bounced', last_error = ?, version = ? WHERE org_id = ? AND id = ?
                    RETURNING user_id
                    """, why, tx.version(), tx.org(), delivery.letter()).one(row -> row.optionalUuid("user_id"));
                audit.record(tx, kind + ".bounced",
                    new Subject(kind, delivery::subject, delivery.recipient(), about.map(User.Id::new)),
                    new Change(Map.of("delivery", State.SENT.text()),
                        Map.of("delivery", State.BOUNCED.text(), "why", why)));
                yield named(tx, kind, delivery.letter()).orElseThrow();
            }
            default -> throw new Refused(new Conflict(
                "Only a letter that was sent can bounce; this one is " + delivery.state().text()));
        };
    }

    private static Optional<Delivery> named(Tx tx, Org.Id org, String kind, UUID id) {
        return tx.query("SELECT " + LETTER_COLUMNS + """
              FROM letters WHERE org_id = ? AND kind = ? AND (id = ? OR subject_id = ?)
             ORDER BY id = ? DESC, created_at DESC, id DESC LIMIT 1
            """, org, kind, id, id, id).optional(Deliveries::delivery);
    }

    private static Optional<Delivery> named(WriteTx tx, String kind, UUID id) {
        return named(tx, tx.org(), kind, id);
    }

    private static State state(Row row) {
        return State.of(row.text("state")).orElseThrow();
    }

    private static Delivery delivery(Row row) {
        return new Delivery(row.uuid("letter_id"), row.uuid("subject_id"), row.text("recipient"), state(row),
            row.optionalText("why"), row.integer("attempts"), row.instant("created_at"),
            row.optionalInstant("next_attempt_at"), row.optionalInstant("sent_at"));
    }
}
