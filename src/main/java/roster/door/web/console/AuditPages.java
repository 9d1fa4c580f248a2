package roster.door.web.console;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.audit.AuditEvents;
import roster.core.audit.AuditFeature;
import roster.core.audit.TrailCounts;
import roster.core.audit.TrailSearch.Found;
import roster.core.audit.TrailSearch;
import roster.core.audit.Verifications.Standing;
import roster.core.audit.Verifications;
import roster.core.user.History;
import roster.core.user.UserFeature;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// `/console/audit`: the audit trail, searched.
public final class AuditPages {
    static final String PATH = "/console/audit";
    static final Needs NEEDS = Needs.sessionOf(Permission.AUDIT_LOGS_READ);

    /// The parameters of the list, in order. `day` is another spelling of `from` and `to`.
    static final List<String> ORDER =
        List.of("q", "query", "when", "day", "from", "to", "what", "source", "by", "about");

    private final Database db;
    private final CursorCodec cursors;
    private final Verifications verifications;
    private final TrailCounts counts;
    private final Users users;
    private final History history;

    AuditPages(Kernel kernel, AuditFeature audit, UserFeature user) {
        db = kernel.db();
        cursors = new CursorCodec(kernel.secrets());
        verifications = audit.verifications;
        counts = audit.counts;
        users = user.users;
        history = user.history;
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, NEEDS, this::list);
    }

    /// What a page shows, as of one moment.
    ///
    /// @param names of those whom the filters name, by how they name them
    /// @param roles names of roles that entries have by their ids
    record Read(Found found, Map<String, String> names, Map<UUID, String> roles, Standing standing) {}

    AuditAsked asked(Visit visit) {
        var sent = ListAddress.of(PATH, ORDER, visit.request().query());
        var clock = visit.read(tx -> AuditEvents.clock(tx, visit.caller().org()));
        return AuditAsked.of(visit, sent, cursors, clock);
    }

    private Response list(Visit visit) {
        PeoplePages.keepRows(visit);
        var asked = asked(visit);
        var isFaulty = !asked.fault().isEmpty() || asked.unreadable().isPresent();
        if (!visit.isPart() && !isFaulty && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        var rows = visit.viewer().preference().rows();
        try {
            var read = db.search(tx -> read(tx, visit, asked, rows));
            return answer(visit, asked, isFaulty ? 422 : 200,
                AuditShown.of(visit, asked, read, place -> AuditAsked.sealed(visit, cursors, place)));
        } catch (Refused e) {
            if (!(e.problem() instanceof Unavailable(var seconds)) || visit.isPart()) {
                throw e;
            }
            return busy(visit, asked, seconds);
        }
    }

    private Read read(Tx tx, Visit visit, AuditAsked asked, int rows) {
        var org = visit.caller().org();
        var found = TrailSearch.find(tx, org, asked.query(), asked.from(), rows, counts);
        return new Read(found, names(tx, visit, asked), history.roleNames(tx, org, Changes.roles(found.entries())),
            verifications.standing(tx, org));
    }

    /// Of users as they are called now, of everything else as the trail has it.
    private Map<String, String> names(Tx tx, Visit visit, AuditAsked asked) {
        var ids = new HashSet<>(asked.query().about());
        asked.query().by().forEach(one -> Id.parse(one).ifPresent(ids::add));
        var names = new LinkedHashMap<String, String>();
        if (!ids.isEmpty()) {
            var org = visit.caller().org();
            history.roleNames(tx, org, ids).forEach((id, name) -> names.put(id.toString(), name));
            users.all(tx, org, ids.stream().map(User.Id::new).collect(Collectors.toSet()))
                .forEach(user -> names.put(user.id().toString(), Persons.name(user)));
        }
        return names;
    }

    /// The page without its list, where the search did not end in time or others search.
    private Response busy(Visit visit, AuditAsked asked, long seconds) {
        var standing = visit.read(tx -> verifications.standing(tx, visit.caller().org()));
        var shown = AuditShown.busy(visit, asked, standing, seconds);
        return visit.page(503, "web/console/audit.jte", shown).with("Retry-After", Long.toString(seconds));
    }

    private static Response answer(Visit visit, AuditAsked asked, int status, AuditPage page) {
        return visit.isPart() ? visit.page(status, "web/console/audit-part.jte", page)
            .with("HX-Replace-Url", visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/audit.jte", page);
    }
}
