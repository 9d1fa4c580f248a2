package roster.core.directory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.audit.SoughtText;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.role.Roles;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// Whole lists of people, for files: reading one leaves an entry in the trail, which says what was searched for.
public final class PeopleExport {
    private final Database db;
    private final AuditLog audit;
    private final Roles roles;

    PeopleExport(Database db, AuditLog audit, Roles roles) {
        this.db = db;
        this.audit = audit;
        this.roles = roles;
    }

    /// Passes on all who match, in the order of the list and as of one moment, each with the names of their roles.
    ///
    /// @param request its place and its number of rows say nothing here
    public void each(Caller caller, PeopleRequest request, BiConsumer<User, List<String>> taker) {
        var count = db.readLong(tx -> {
            var names =
                roles.changedSince(tx, caller.org(), 0).stream().collect(Collectors.toMap(Role::id, Role::name));
            return new PeopleSql(tx, caller.org(), request).each(
                user -> taker.accept(user, user.roles().stream().map(names::get).toList()));
        });
        db.write(caller, tx -> {
            audit.record(tx, "user_list.exported", new Subject("user_list", tx.org(), "users"),
                new Change(Map.of(), facts(tx, tx.org(), count, request.query())));
            return null;
        });
    }

    /// How many they were, and what was searched for; in which order says nothing of whom.
    private static Map<String, Object> facts(Tx tx, Org.Id org, long count, PeopleQuery query) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("count", count);
        PeopleWords.of(query, Kind.PEOPLE).forEach((word, value) -> {
            switch (word) {
                case "q" -> facts.put("text", SoughtText.kept(tx, org, value));
                case "role" -> facts.put("roles", List.of(value.split(",")));
                case "sort" -> {}
                default -> facts.put(word, value);
            }
        });
        return facts;
    }
}
