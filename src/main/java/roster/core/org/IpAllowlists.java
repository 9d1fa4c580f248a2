package roster.core.org;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.net.Network;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;

/// The addresses from which an organisation's keys may be used: the rules, and the SQL of `ip_allowlists` and
/// `ip_allowlist_entries`. `access.AllowedNetworks` checks requests.
public final class IpAllowlists {
    /// The most blocks of one organisation: each request may be compared with all of them.
    public static final int ENTRIES_MAX = 1000;

    /// The longest note, in characters.
    public static final int NOTE_MAX = 1000;

    private final AuditLog audit;

    public IpAllowlists(AuditLog audit) {
        this.audit = audit;
    }

    public record Entry(UUID id, Network block, Optional<String> note, Instant createdAt, Instant modifiedAt) {}

    public record Allowlist(boolean enabled, List<Entry> entries) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            return Map.of("enabled", enabled, "entries", entries.stream().map(entry -> {
                var fact = new LinkedHashMap<String, Object>();
                fact.put("id", entry.id().toString());
                fact.put("cidr_block", entry.block().toString());
                fact.put("note", entry.note());
                fact.put("created_at", entry.createdAt().toString());
                fact.put("modified_at", entry.modifiedAt().toString());
                return fact;
            }).toList());
        }
    }

    /// Whether a block of a list has an address in it.
    public static boolean isIn(Allowlist list, String address) {
        return list.entries().stream().anyMatch(entry -> entry.block().contains(Network.host(address)));
    }

    /// A block as it was sent.
    public record Wish(String block, Optional<String> note) {}

    public Allowlist find(Tx tx, Org.Id org) {
        var enabled = tx.query("SELECT enabled FROM ip_allowlists WHERE org_id = ?", org)
            .optional(row -> row.bool("enabled")).orElse(false);
        return new Allowlist(enabled, tx.query("""
            SELECT id, cidr_block, note, created_at, modified_at FROM ip_allowlist_entries
             WHERE org_id = ? ORDER BY created_at, id
            """, org).list(row -> new Entry(row.uuid("id"), Network.parse(row.text("cidr_block")),
            row.optionalText("note"), row.instant("created_at"), row.instant("modified_at"))));
    }

    /// What is wrong with a block, if anything: `300 is above 255`.
    public static Optional<String> blockFault(String block) {
        return Network.fault(block);
    }

    /// What is wrong with a note, if anything.
    public static Optional<String> noteFault(String note) {
        return Text.length(note) > NOTE_MAX ? Optional.of("Longer than maximum length %d.".formatted(NOTE_MAX))
            : Optional.empty();
    }

    /// Changes what is present. Blocks replace all earlier ones; one that existed keeps its id and its `created_at`. Of a
    /// block that is sent twice the last counts. A bare address is a block of its own, and the bits after a block's
    /// prefix are set to zero.
    ///
    /// @throws Refused with [Invalid] for too many blocks, [Unfit] for what is no block, or if the caller's own address
    ///     would be refused afterwards; nothing is changed then
    public Allowlist update(WriteTx tx, Optional<Boolean> enabled, Optional<List<Wish>> wishes) {
        wishes.ifPresent(IpAllowlists::check);
        var was = find(tx, tx.org());
        var is = new Allowlist(enabled.orElse(was.enabled()),
            wishes.map(list -> entries(tx, was, list)).orElse(was.entries()));
        mustNotShutOut(tx, is);
        if (is.equals(was)) {
            return was;
        }
        wishes.ifPresent(list -> store(tx, was.entries(), is.entries()));
        if (is.enabled() != was.enabled()) {
            tx.update("""
                INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, ?, ?)
                ON CONFLICT (org_id) DO UPDATE SET enabled = excluded.enabled, version = excluded.version
                """, tx.org(), is.enabled(), tx.version());
        }
        audit.record(tx, "ip_allowlist.updated", new Subject("ip_allowlist", tx.org(), "IP allowlist"),
            new Change(was.facts(), is.facts()));
        return is;
    }

    private static void check(List<Wish> wishes) {
        if (wishes.size() > ENTRIES_MAX) {
            throw new Refused(new Invalid("entries", "Longer than maximum length %d.".formatted(ENTRIES_MAX)));
        }
        wishes.stream().flatMap(wish -> wish.note().flatMap(IpAllowlists::noteFault).stream()).findFirst()
            .ifPresent(reason -> {
                throw new Refused(new Invalid("note", reason));
            });
        var faults = wishes.stream().filter(wish -> block(wish).isEmpty())
            .map(wish -> "Invalid CIDR block: " + wish.block()).distinct().toList();
        if (!faults.isEmpty()) {
            throw new Refused(new Unfit(faults));
        }
    }

    private static Optional<Network> block(Wish wish) {
        try {
            return Optional.of(Network.parse(wish.block()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Entry> entries(WriteTx tx, Allowlist was, List<Wish> wishes) {
        var known = was.entries().stream().collect(Collectors.toMap(Entry::block, Function.identity()));
        var entries = new LinkedHashMap<Network, Entry>();
        for (var wish : wishes) {
            var block = block(wish).orElseThrow();
            var old = Optional.ofNullable(known.get(block));
            entries.put(block, new Entry(old.map(Entry::id).orElseGet(tx::newId), block, wish.note().map(Text::clean),
                old.map(Entry::createdAt).orElse(tx.now()), tx.now()));
        }
        return List.copyOf(entries.values());
    }

    /// Callers at the command line have no address.
    private static void mustNotShutOut(WriteTx tx, Allowlist allowlist) {
        var address = tx.caller().address().map(Network::host);
        if (allowlist.enabled() && address.isPresent()
            && allowlist.entries().stream().noneMatch(entry -> entry.block().contains(address.get()))) {
            throw new Refused(new Unfit(
                "Cannot enable or keep enabled an IP Allowlist without the current IP address in it"));
        }
    }

    private static void store(WriteTx tx, List<Entry> was, List<Entry> is) {
        var kept = is.stream().map(Entry::id).collect(Collectors.toSet());
        var dropped = was.stream().map(Entry::id).filter(id -> !kept.contains(id)).toList();
        if (!dropped.isEmpty()) {
            tx.later("DELETE FROM ip_allowlist_entries WHERE org_id = ? AND id = ANY (?::uuid[])", tx.org(), dropped);
            tx.gone("ip_allowlist_entry", dropped);
        }
        tx.later("""
            INSERT INTO ip_allowlist_entries (org_id, id, cidr_block, note, created_at, modified_at, version)
            SELECT ?, e.id, e.cidr_block, e.note, e.created_at::timestamptz, ?, ?
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) AS e (id, cidr_block, note, created_at)
            ON CONFLICT (org_id, id) DO UPDATE
               SET note = excluded.note, modified_at = excluded.modified_at, version = excluded.version
            """, tx.org(), tx.now(), tx.version(), is.stream().map(Entry::id).toList(),
            is.stream().map(entry -> entry.block().toString()).toList(), is.stream().map(Entry::note).toList(),
            is.stream().map(entry -> entry.createdAt().toString()).toList());
    }
}
