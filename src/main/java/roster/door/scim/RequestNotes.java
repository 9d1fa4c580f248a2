package roster.door.scim;

import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.http.Request;
import roster.base.http.Watch;
import roster.base.scim.ResourceType;
import roster.base.scim.Schema;
import roster.core.provisioning.DirectoryRequest;
import roster.core.provisioning.DirectoryRequest.Failure;
import roster.core.provisioning.DirectoryRequests;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Problem;

/// Notes down what directories asked and what went wrong, in words of ours: nothing that was sent is in it.
final class RequestNotes implements Watch {
    /// Where a detail begins with an attribute's name, as most do.
    private static final Pattern FIRST_WORD = Pattern.compile("([A-Za-z]+)(?=[ :.\\[]).*");

    private static final String ID = "id";

    private final DirectoryRequests requests;
    private final InstantSource clock;

    RequestNotes(DirectoryRequests requests, InstantSource clock) {
        this.requests = requests;
        this.clock = clock;
    }

    @Override
    public void answered(Request request, Caller caller, int status, Optional<Problem> problem) {
        caller.accessToken().or(caller::applicationKey)
            .ifPresent(key -> requests.note(new DirectoryRequest(caller.org(),
                key, clock.instant(), request.method(), request.route().template(), status,
                request.header("User-Agent").orElse(""),
                status < 400 ? Optional.empty() : Optional.of(failure(request, problem)))));
    }

    private static Failure failure(Request request, Optional<Problem> problem) {
        return new Failure(problem.map(ScimError::of).flatMap(ScimError::type).orElse(""),
            problem.map(RequestNotes::about).orElse(""), subject(request));
    }

    private static String about(Problem problem) {
        return switch (problem) {
            case Problem.Forbidden(var needed) -> needed.name();
            case Problem.LastAdministrator _ -> Failure.LAST_ADMINISTRATOR;
            case Problem.BadKeys _ -> Failure.NETWORKS;
            default -> attribute(ScimError.of(problem).detail());
        };
    }

    private static String attribute(String detail) {
        var first = FIRST_WORD.matcher(detail);
        return first.matches() && isAttribute(first.group(1)) ? first.group(1) : "";
    }

    private static boolean isAttribute(String word) {
        return word.equals("externalId") || ResourceType.ALL.stream()
            .flatMap(type -> Stream.concat(Stream.of(type.schema()), type.extensions().stream()))
            .map(Schema::attributes).flatMap(attributes -> attributes.stream())
            .anyMatch(one -> one.name().equals(word));
    }

    private static String subject(Request request) {
        return request.route().template().contains("{" + ID + "}")
            ? Id.parse(request.pathText(ID)).map(Object::toString).orElse("") : "";
    }
}
