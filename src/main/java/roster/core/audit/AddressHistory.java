package roster.core.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.audit.People.AddressPeriod;
import roster.model.Org;

/// Which addresses users had, and when, as far as the audit trail still has them.
final class AddressHistory {
    /// E-mail address or handle of a user: they may be equal, and end at different times.
    private record Held(UUID user, String member, String address) {}

    private final Map<Held, Long> open = new HashMap<>();
    private final List<AddressPeriod> addresses = new ArrayList<>();

    private AddressHistory() {}

    static List<AddressPeriod> of(Tx tx, Org.Id org, Set<UUID> users) {
        var walk = new AddressHistory();
        tx.query("""
            SELECT e.subject_id, e.version, e.action, p.place, p.address
              FROM audit_entries e
             CROSS JOIN LATERAL (VALUES ('before.email', e.before->>'email'), ('before.handle', e.before->>'handle'),
                                        ('after.email', e.after->>'email'), ('after.handle', e.after->>'handle'))
                   AS p (place, address)
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[]) AND e.subject_kind = 'user'
               AND p.address IS NOT NULL AND NOT COALESCE(jsonb_exists(e.erased->'digests', p.place), false)
             ORDER BY e.version, e.entry, p.place DESC
            """, org, users).each(walk::take);
        walk.open.forEach((held, from) -> walk.add(held, from, Long.MAX_VALUE));
        return walk.addresses;
    }

    private void take(Row row) {
        var user = row.uuid("subject_id");
        var version = row.number("version");
        var place = row.text("place");
        var held = new Held(user, place.substring(place.indexOf('.') + 1), row.text("address"));
        if (row.text("action").equals("user.anonymized")) {
            open.keySet().stream().filter(one -> one.user().equals(user)).toList()
                .forEach(one -> add(one, open.remove(one), version));
        } else if (place.startsWith(Entry.AFTER)) {
            open.putIfAbsent(held, version);
        } else {
            var from = open.remove(held);
            add(held, from == null ? 0 : from, version);
        }
    }

    private void add(Held held, long from, long to) {
        if (held.address().indexOf('@') > 0) { // the handle of a service account is its id
            addresses.add(new AddressPeriod(new Mention(held.address()), from, to));
        }
    }
}
