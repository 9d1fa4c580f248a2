package roster.door.web;

import java.util.List;
import java.util.Optional;
import roster.base.http.Request;
import roster.core.access.AccessFeature;
import roster.core.access.Origin;
import roster.core.access.Presented;
import roster.model.Caller;
import roster.model.Problem;
import roster.model.Refused;

/// The sessions that a browser has, on pages that ask for none or for all.
final class BrowserSessions {
    private final AccessFeature access;
    private final Visits visits;

    BrowserSessions(AccessFeature access, Visits visits) {
        this.access = access;
        this.visits = visits;
    }

    /// The caller of the current session, if it is good here.
    Optional<Caller> current(Request request) {
        return visits.tokens(request).stream().findFirst().flatMap(token -> caller(request, token));
    }

    /// The callers of the other sessions that are good here.
    List<Caller> others(Request request) {
        return visits.tokens(request).stream().skip(1).flatMap(token -> caller(request, token).stream()).toList();
    }

    private Optional<Caller> caller(Request request, String token) {
        try {
            var caller =
                access.callers.admit(new Presented.Session(token), new Origin(request.id(), request.address()));
            access.networks.mustAdmit(caller, request.address());
            return Optional.of(caller);
        } catch (Refused e) {
            return switch (e.problem()) {
                case Problem.BadKeys _,Problem.Forbidden _ -> Optional.empty(); // ended, or not from this network
                default -> throw e;
            };
        }
    }
}
