package roster.door.web.console;

import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.source.Ids;
import roster.core.Kernel;

/// Ids of what forms make, sealed into them when they are shown: a form that is sent again finds that it was made.
final class FormIds {
    /// What is said of a form that holds none.
    static final String OUTDATED = "This form is out of date. Your input is below; send it again.";

    private final Ids ids;
    private final Purpose seal;

    FormIds(Kernel kernel) {
        ids = kernel.sources().ids();
        seal = kernel.secrets().purpose("console form ids");
    }

    /// @param since the version of the organisation when the form was shown
    record FormId(UUID id, long since) {}

    /// A new one, for the user who asks.
    ///
    /// @param what the form makes
    String next(Visit visit, String what) {
        var caller = visit.caller();
        return seal.seal(Json.bytes(Json.members("id", ids.next().toString(), "what", what, "org",
            caller.org().toString(), "user", caller.user().orElseThrow().toString(), "since", caller.version())));
    }

    /// @return none if the form was not shown to this user, or makes something else
    Optional<FormId> opened(Visit visit, String what, String sent) {
        var caller = visit.caller();
        return seal.open(sent).map(Json::parse).filter(one -> one.get("what").asString().equals(what)
            && one.get("org").asString().equals(caller.org().toString())
            && one.get("user").asString().equals(caller.user().orElseThrow().toString()))
            .map(one -> new FormId(UUID.fromString(one.get("id").asString()), one.get("since").asLong()));
    }
}
