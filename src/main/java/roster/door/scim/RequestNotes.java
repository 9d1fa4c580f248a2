package roster.door.scim;

import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.http.Request;
import roster.base.http.Watch;
import roster.base.scim.BulkOperation;
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
        noted(request, caller, new Asked(request.method(), request.route().template()), status,
            status < 400 ? Optional.empty() : Optional.of(failure(problem, subject(request))))
            .ifPresent(requests::note);
    }

    /// Notes an operation of a bulk request that failed, as a request of its own would be.
    ///
    /// @param call of the bulk request
    /// @param problem none: it is not known why
    void failed(Call call, BulkOperation operation, BulkVerdict verdict, Optional<Problem> problem) {
        var request = call.request();
        var target = operation.target().filter(_ -> problem.filter(RequestNotes::isOfWhatWasSent).isEmpty());
        var asked = target.map(to -> new Asked(operation.method(), call.base().path() + to.template()))
            .orElse(new Asked(request.method(), request.route().template()));
        var about = target.flatMap(_ -> verdict.id()).filter(_ -> problem.filter(RequestNotes::isOfAll).isEmpty());
        noted(request, request.caller(), asked, verdict.status(), Optional.of(failure(problem, about)))
            .ifPresent(requests::noteFailure);
    }

    /// Whether the method and the path of an operation are none that there are: then they are not told.
    private static boolean isOfWhatWasSent(Problem problem) {
        return problem instanceof Problem.NoSuchPath || problem instanceof Problem.WrongMethod;
    }

    /// Whether an operation was not begun: then so are others, and it matters little whom they were about.
    private static boolean isOfAll(Problem problem) {
        return problem instanceof Problem.Unavailable || problem instanceof Problem.LimitReached
            || problem instanceof Problem.TooManyRequests;
    }

    /// @param route a template
    private record Asked(String method, String route) {}

    /// None without a key.
    private Optional<DirectoryRequest> noted(Request request, Caller caller, Asked asked, int status,
        Optional<Failure> failure) {
        return caller.accessToken().or(caller::applicationKey).map(key -> new DirectoryRequest(caller.org(), key,
            clock.instant(), asked.method(), asked.route(), status, request.header("User-Agent").orElse(""), failure));
    }

    /// @param subject as it was sent
    private static Failure failure(Optional<Problem> problem, Optional<String> subject) {
        return new Failure(problem.map(ScimError::of).flatMap(ScimError::type).orElse(""),
            problem.map(RequestNotes::about).orElse(""), subject.flatMap(Id::parse).map(Object::toString).orElse(""));
    }

    private static String about(Problem problem) {
        return switch (problem) {
            case Problem.Forbidden(var needed) -> needed.name();
            case Problem.LastAdministrator _ -> Failure.LAST_ADMINISTRATOR;
            case Problem.BadKeys(var elsewhere) -> elsewhere ? Failure.NETWORKS : "";
            default -> attribute(ScimError.of(problem).detail());
        };
    }

    private static String attribute(String detail) {
        var first = FIRST_WORD.matcher(detail);
        return first.matches() && isAttribute(first.group(1)) ? first.group(1) : "";
    }

    private static boolean isAttribute(String word) {
        return word.equals("externalId") || word.equals(Failure.BULK_ID) || ResourceType.ALL.stream()
            .flatMap(type -> Stream.concat(Stream.of(type.schema()), type.extensions().stream()))
            .map(Schema::attributes).flatMap(attributes -> attributes.stream())
            .anyMatch(one -> one.name().equals(word));
    }

    private static Optional<String> subject(Request request) {
        return request.route().template().contains("{" + ID + "}") ? Optional.of(request.pathText(ID))
            : Optional.empty();
    }
}
