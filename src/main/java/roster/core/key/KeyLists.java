package roster.core.key;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.secret.CursorCodec;
import roster.core.directory.SealedPlaces;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.core.key.KeyQuery.Sort;
import roster.core.key.KeyQuery.Use;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// Lists of the keys of one kind, and one of them, as far as a caller may see them. Places in a list that clients bring back
/// are sealed, as addresses must not show names.
public final class KeyLists {
    /// Another one once the fields change, so that older places are refused.
    private static final String LIST = "keys2";

    private static final String MICROS = "(extract(epoch FROM %s) * 1000000)::bigint";

    private final CursorCodec codec;

    KeyLists(CursorCodec codec) {
        this.codec = codec;
    }

    /// A key and what the list is sorted by.
    private record Standing(ListedKey key, String sortedBy) {}

    /// A page of those that the caller may see.
    ///
    /// @param rows the most keys wanted
    public KeyPage page(Tx tx, Caller caller, KeyKind kind, KeyQuery query, Place place, int rows) {
        var byUse = byUse(tx, caller, kind, query);
        long matching = byUse.get(query.use());
        var offset = place.offset(rows, matching, (position, inclusive) -> earlier(tx, caller, kind, query, position,
            (query.descending() ? ">" : "<") + (inclusive ? "=" : "")));
        return page(tx, caller, kind, query, byUse, offset, rows);
    }

    private KeyPage page(Tx tx, Caller caller, KeyKind kind, KeyQuery query, Map<Use, Long> byUse, long offset,
        int rows) {
        var org = caller.org();
        long matching = byUse.get(query.use());
        var found = listing(kind, sortedBy(query.sort()) + " AS sorted_by", where(caller, kind, query))
            .rows(tx, Listing.order(query.descending(), sortedBy(query.sort()), "k.id"), rows, offset,
                row -> new Standing(ListedKey.of(kind, row), row.text("sorted_by")));
        return new KeyPage(found.stream().map(Standing::key).toList(), found.isEmpty() ? 0 : offset + 1, matching,
            listing(kind, "", seen(caller, kind)).count(tx), byUse,
            found.isEmpty() || offset == 0 ? Optional.empty()
                : Optional.of(seal(org, kind, query, found.getFirst())),
            found.isEmpty() || offset + found.size() >= matching ? Optional.empty()
                : Optional.of(seal(org, kind, query, found.getLast())));
    }

    /// How many keys match, of those that the caller may see.
    public long count(Tx tx, Caller caller, KeyKind kind, KeyQuery query) {
        return listing(kind, "", where(caller, kind, query)).count(tx);
    }

    private static Map<Use, Long> byUse(Tx tx, Caller caller, KeyKind kind, KeyQuery query) {
        var where = butUse(caller, kind, query);
        return tx.query("SELECT count(*) AS n, count(*) FILTER (WHERE " + Use.NOT_FOR_90_DAYS.condition()
            + ") AS idle, count(*) FILTER (WHERE " + Use.NEVER.condition() + ") AS never " + from(kind) + where.sql(),
            where.values().toArray()).one(KeyLists::uses);
    }

    private static Map<Use, Long> uses(Row row) {
        return new EnumMap<>(Map.of(Use.ANY, row.number("n"), Use.NOT_FOR_90_DAYS, row.number("idle"), Use.NEVER,
            row.number("never")));
    }

    /// How many that match compare so with a position, in ascending order.
    private static long earlier(Tx tx, Caller caller, KeyKind kind, KeyQuery query, SortPosition position,
        String operator) {
        var text = position.keyText();
        var where = where(caller, kind, query).and("(%s, k.id) %s (?, ?)".formatted(sortedBy(query.sort()), operator),
            query.sort() == Sort.NAME ? text : Long.valueOf(text), position.id());
        return listing(kind, "", where).count(tx);
    }

    private static String sortedBy(Sort sort) {
        return switch (sort) {
            case NAME -> "lower(k.name)";
            case LAST_USED_AT -> "COALESCE(" + MICROS.formatted("k.last_used_at") + ", 0)";
            case CREATED_AT -> MICROS.formatted("k.created_at");
        };
    }

    private static Where seen(Caller caller, KeyKind kind) {
        var where = Where.of("k.org_id = ?", caller.org());
        if (kind == KeyKind.ACCESS_TOKEN) {
            where.and("k.revoked_at IS NULL");
        }
        if (kind != KeyKind.API_KEY) {
            KeyReach.reading(caller).addTo(where);
        }
        return where;
    }

    private static Where butUse(Caller caller, KeyKind kind, KeyQuery query) {
        var where = seen(caller, kind);
        query.text().ifPresent(text -> Id.parse(text).ifPresentOrElse(
            id -> where.and("(strpos(lower(k.name), lower(?)) > 0 OR k.id = ?)", text, id),
            () -> where.and("strpos(lower(k.name), lower(?)) > 0", text)));
        return where.andIf(query.owner(), (kind == KeyKind.API_KEY ? "k.created_by" : "k.user_id") + " = ?");
    }

    private static Where where(Caller caller, KeyKind kind, KeyQuery query) {
        return butUse(caller, kind, query).and(query.use().condition());
    }

    private static Listing listing(KeyKind kind, String more, Where where) {
        return new Listing(ListedKey.COLUMNS + columns(kind) + (more.isEmpty() ? "" : ", " + more), from(kind), where);
    }

    private static String columns(KeyKind kind) {
        return switch (kind) {
            case API_KEY -> ", k.last4 AS ends, NULL::text[] AS scopes, NULL::timestamptz AS expires_at";
            case APPLICATION_KEY -> ", k.last4 AS ends, k.scopes, NULL::timestamptz AS expires_at";
            case ACCESS_TOKEN ->
                ", CASE WHEN u.service_account THEN '" + AccessTokens.OF_SERVICE + "_' ELSE '' END || k.public_portion"
                    + " AS ends, k.scopes, k.expires_at";
        };
    }

    private static String from(KeyKind kind) {
        return switch (kind) {
            case API_KEY -> "FROM api_keys k LEFT JOIN users u ON u.org_id = k.org_id AND u.id = k.created_by";
            case APPLICATION_KEY ->
                "FROM application_keys k JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id";
            case ACCESS_TOKEN -> "FROM access_tokens k JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id";
        };
    }

    /// A key that a caller may change.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], also for keys of users whose keys the caller may not change
    public ListedKey changeable(Tx tx, Caller caller, KeyKind kind, String id) {
        return Id.parse(id).flatMap(uuid -> find(tx, caller.org(), kind, uuid))
            .filter(key -> isChangeable(caller, key))
            .orElseThrow(() -> new Refused(new NotFound(kind.missing())));
    }

    /// Whether a caller who may change keys of this kind may change this one.
    public static boolean isChangeable(Caller caller, ListedKey key) {
        return key.kind() == KeyKind.API_KEY || key.owner()
            .filter(owner -> KeyReach.changing(caller).covers(owner.id(), owner.service())).isPresent();
    }

    private static Optional<ListedKey> find(Tx tx, Org.Id org, KeyKind kind, UUID id) {
        var where = Where.of("k.org_id = ? AND k.id = ?", org, id);
        if (kind == KeyKind.ACCESS_TOKEN) {
            where.and("k.revoked_at IS NULL");
        }
        return listing(kind, "", where).rows(tx, "k.id", 1, 0, row -> ListedKey.of(kind, row)).stream().findFirst();
    }

    private String seal(Org.Id org, KeyKind kind, KeyQuery query, Standing standing) {
        var position = new SortPosition(standing.sortedBy().getBytes(StandardCharsets.UTF_8), new byte[0],
            standing.key().id().value());
        return SealedPlaces.seal(codec, org, LIST, position, words(kind, query));
    }

    private static Map<String, String> words(KeyKind kind, KeyQuery query) {
        var words = new LinkedHashMap<>(Map.of("kind", kind.name()));
        words.putAll(query.words());
        return words;
    }

    /// The place that an address names, as [SealedPlaces] has it. A place of another list is the first page.
    public Place place(Org.Id org, KeyKind kind, KeyQuery query, Optional<String> after, Optional<String> before) {
        return SealedPlaces.place(codec, org, LIST, words(kind, query), after, before);
    }
}
