package roster.core.bulk;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.NoteTx;
import roster.base.db.Row;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.core.bulk.Selection.Chosen;
import roster.core.directory.PeopleWords;
import roster.core.index.PeopleFilter.Kind;
import roster.core.invitation.InvitationSearch;
import roster.core.reader.PastedText;
import roster.model.Caller;
import roster.model.Invitation;
import roster.model.Problem.Forbidden;
import roster.model.Problem.TooLarge;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// The SQL of the `selections` table. A selection is seen by its maker only, and for 24 hours.
public final class Selections {
    /// Of one user; older ones are dropped.
    private static final int KEPT_MAX = 20;

    private final Database db;

    Selections(Database db) {
        this.db = db;
    }

    /// What is stored of each kind.
    private record Columns(String kind, List<UUID> ids, List<String> words, String zone, String pasted, boolean windows,
        List<Role.Id> roles, boolean send) {
        static Columns of(Chosen chosen) {
            return switch (chosen) {
                case Chosen.People(var ids) -> ids("people", ids.stream().map(User.Id::value).toList());
                case Chosen.Invitations(var ids) -> ids("invitations", ids.stream().map(Invitation.Id::value).toList());
                case Chosen.Matching(var query, var zone) -> words("query", PeopleWords.of(query, Kind.BOTH), zone);
                case Chosen.MatchingInvitations(var search, var zone) ->
                    words("invitation_query", search.words(), zone);
                case Chosen.Pasted(var text, var roles, var send) ->
                    new Columns("pasted", List.of(), List.of(), "UTC", text.text(), text.windows(), roles, send);
            };
        }

        private static Columns words(String kind, Map<String, String> words, ZoneId zone) {
            var list = new ArrayList<String>();
            words.forEach((word, value) -> list.addAll(List.of(word, value)));
            return new Columns(kind, List.of(), list, zone.getId(), "", false, List.of(), true);
        }

        private static Columns ids(String kind, List<UUID> ids) {
            return new Columns(kind, ids, List.of(), "UTC", "", false, List.of(), true);
        }
    }

    /// Stores what a user has chosen.
    ///
    /// @throws Refused with [TooLarge] for more than [Selection#IDS_MAX] ids; [Forbidden] if the caller is no user
    public Selection add(Caller caller, Chosen chosen) {
        var maker = maker(caller);
        var columns = Columns.of(chosen);
        if (columns.ids().size() > Selection.IDS_MAX) {
            throw new Refused(new TooLarge());
        }
        var id = db.sources().ids().next();
        return db.note(tx -> {
            tx.update("""
                DELETE FROM selections
                 WHERE org_id = ? AND id IN (SELECT id FROM selections WHERE org_id = ? AND maker_id = ?
                                              ORDER BY created_at DESC OFFSET ?)
                """, caller.org(), caller.org(), maker, KEPT_MAX - 1);
            return tx.query("""
                INSERT INTO selections (org_id, id, maker_id, kind, ids, words, zone, pasted, windows, role_ids, send,
                                        created_at, good_until)
                VALUES (?, ?, ?, ?, ?::uuid[], ?::text[], ?, ?, ?, ?::uuid[], ?, roster_now(),
                        roster_now() + ? * interval '1 second')
                RETURNING created_at
                """, caller.org(), id, maker, columns.kind(), columns.ids(), columns.words(), columns.zone(),
                columns.pasted(), columns.windows(), columns.roles(), columns.send(), Selection.LIFE.toSeconds())
                .one(row -> new Selection(id, chosen, row.instant("created_at")));
        });
    }

    static User.Id maker(Caller caller) {
        return caller.user().orElseThrow(() -> new Refused(new Forbidden(Act.DISABLE.needed())));
    }

    /// A selection of the caller that is still good.
    public Optional<Selection> find(Caller caller, UUID id) {
        return db.read(tx -> tx.query("""
            SELECT id, kind, ids, words, zone, pasted, windows, role_ids, send, created_at
              FROM selections WHERE org_id = ? AND id = ? AND maker_id = ? AND good_until > roster_now()
            """, caller.org(), id, maker(caller)).optional(Selections::selection));
    }

    private static Selection selection(Row row) {
        var chosen = switch (row.text("kind")) {
            case "people" -> new Chosen.People(row.uuids("ids").stream().map(User.Id::new).toList());
            case "invitations" -> new Chosen.Invitations(row.uuids("ids").stream().map(Invitation.Id::new).toList());
            case "query" -> new Chosen.Matching(PeopleWords.read(words(row), Kind.BOTH), ZoneId.of(row.text("zone")));
            case "invitation_query" ->
                new Chosen.MatchingInvitations(InvitationSearch.read(words(row)), ZoneId.of(row.text("zone")));
            default -> new Chosen.Pasted(new PastedText(row.text("pasted"), row.bool("windows")),
                row.uuids("role_ids").stream().map(Role.Id::new).toList(), row.bool("send"));
        };
        return new Selection(row.uuid("id"), chosen, row.instant("created_at"));
    }

    private static Function<String, Optional<String>> words(Row row) {
        var words = new HashMap<String, String>();
        var stored = row.texts("words");
        for (int i = 0; i + 1 < stored.size(); i += 2) {
            words.put(stored.get(i), stored.get(i + 1));
        }
        return word -> Optional.ofNullable(words.get(word));
    }

    /// Drops what was pasted with an address in it: whose it is, is to be forgotten.
    static void forget(WriteTx tx, String address) {
        tx.update("DELETE FROM selections WHERE org_id = ? AND kind = 'pasted' AND strpos(lower(pasted), ?) > 0",
            tx.org(), address);
    }

    static int repairTimes(WriteTx tx) {
        return tx.update("""
            UPDATE selections SET good_until = ?
             WHERE org_id = ? AND id IN (SELECT id FROM selections WHERE org_id = ? AND good_until > ? LIMIT ?)
            """, tx.now().plus(Selection.LIFE), tx.org(), tx.org(), tx.now().plus(Selection.LIFE), TimeRepair.AT_ONCE);
    }

    /// Deletes some that are not good any more.
    static int sweep(NoteTx tx, Object org) {
        return tx.update("DELETE FROM selections WHERE org_id = ? AND good_until <= roster_now()", org);
    }
}
