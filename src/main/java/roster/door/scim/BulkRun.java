package roster.door.scim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.http.Request;
import roster.base.scim.BulkOperation;
import roster.base.scim.BulkOperation.Target;
import roster.base.scim.BulkRequest;
import roster.base.scim.ResourceType;
import roster.model.Problem;
import roster.model.Problem.BadScim;
import roster.model.Problem.NoSuchPath;
import roster.model.Problem.Unavailable;
import roster.model.Problem.WrongMethod;
import roster.model.Refused;
import roster.model.ScimType;

/// The operations of one bulk request, which are carried out one after the other: always the first in the order sent that
/// waits for no other.
final class BulkRun {
    private static final String CREATE = "POST";
    private static final Target CREATED_USER = new Target(ResourceType.USER, Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(BulkRun.class);

    private final Call call;
    private final BulkRequest asked;
    private final ScimRoutes routes;
    private final UserApi users;
    private final RequestNotes notes;
    private final BooleanSupplier over;

    private final Map<String, Integer> creations = new HashMap<>(); // by bulkId
    private final List<Set<String>> references = new ArrayList<>();
    private final List<Set<Integer>> waits = new ArrayList<>(); // for creations that are still to come
    private final BulkVerdict[] verdicts;
    private int begun;
    private int errors;

    /// @param notes is told of what fails
    /// @param over whether no further operation begins
    BulkRun(Call call, BulkRequest asked, ScimRoutes routes, UserApi users, RequestNotes notes, BooleanSupplier over) {
        this.call = call;
        this.asked = asked;
        this.routes = routes;
        this.users = users;
        this.notes = notes;
        this.over = over;
        this.verdicts = new BulkVerdict[asked.operations().size()];
        for (int i = 0; i < verdicts.length; i++) {
            if (operation(i).method().equals(CREATE)) {
                creations.put(operation(i).bulkId().orElseThrow(), i);
            }
        }
        for (var operation : asked.operations()) {
            var its = operation.references();
            var awaited = new LinkedHashSet<Integer>();
            its.stream().filter(creations::containsKey).forEach(bulkId -> awaited.add(creations.get(bulkId)));
            references.add(its);
            waits.add(awaited);
        }
    }

    private BulkOperation operation(int i) {
        return asked.operations().get(i);
    }

    /// Carries them out.
    ///
    /// @return what has become of those that were tried, in the order sent
    /// @throws Refused with [Unavailable] if the node has stopped waiting for it: there is no answer then, and what was carried
    ///     out stays
    List<Map<String, Object>> answers() {
        var left = new TreeSet<>(IntStream.range(0, verdicts.length).boxed().toList());
        while (!left.isEmpty() && errors < asked.failOnErrors()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new Refused(new Unavailable(1));
            }
            var ready = left.stream().filter(i -> waits.get(i).isEmpty()).findFirst();
            ready.ifPresentOrElse(this::alone, () -> together(circle(left.getFirst())));
            left.removeIf(i -> verdicts[i] != null);
        }
        return IntStream.range(0, verdicts.length).filter(i -> verdicts[i] != null)
            .mapToObj(i -> verdicts[i].json(call, operation(i))).toList();
    }

    /// @param problem why it failed, if it did and that is known
    private void decided(int i, BulkVerdict verdict, Optional<Problem> problem) {
        verdicts[i] = verdict;
        if (verdict.failed()) {
            errors++;
            notes.failed(call, operation(i), verdict, problem);
        }
        waits.forEach(its -> its.remove(i));
    }

    private void failed(int i, Throwable why) {
        if (!(why instanceof Refused)) {
            LOG.atError().addKeyValue("request_id", call.request().id()).setCause(why).log("an operation failed");
        }
        var problem = why instanceof Refused refused ? Optional.of(refused.problem()) : Optional.<Problem>empty();
        decided(i, BulkVerdict.of(operation(i).target(), problem.map(ScimError::of).orElse(ScimError.UNEXPECTED),
            call.base()), problem);
    }

    private void alone(int i) {
        try {
            var target = operation(i).target().orElseThrow(() -> new Refused(new NoSuchPath()));
            var handler = handler(operation(i).method(), target);
            var request = next();
            references.get(i).forEach(this::mustBeThere);
            var known = new Target(target.type(), target.id().flatMap(this::word));
            decided(i, BulkVerdict.of(known, handler.handle(part(i, known, request))), Optional.empty());
        } catch (RuntimeException | StackOverflowError e) {
            failed(i, e);
        }
    }

    private ScimRoutes.Handler handler(String method, Target target) {
        var handlers = routes.changes(target.template());
        return Optional.ofNullable(handlers.get(method))
            .orElseThrow(() -> new Refused(new WrongMethod(handlers.keySet())));
    }

    /// The request, as that of the next operation. With the first one it came itself.
    private Request next() {
        if (over.getAsBoolean()) {
            throw new Refused(new Unavailable(1));
        }
        return begun++ == 0 ? call.request() : call.request().another();
    }

    private Call part(int i, Target target, Request request) {
        return new Call(request, call.base(), call.publicUrl(), Optional.of(new Call.Part(target.id().orElse(""),
            operation(i).data(), operation(i).version(), this::word)));
    }

    private void mustBeThere(String bulkId) {
        if (created(bulkId).isEmpty()) {
            throw invalid(bulkId, "no operation has created it");
        }
    }

    private static Refused invalid(String bulkId, String reason) {
        return new Refused(new BadScim(ScimType.INVALID_VALUE, "bulkId:%s: %s".formatted(bulkId, reason)));
    }

    private Optional<String> created(String bulkId) {
        return Optional.ofNullable(creations.get(bulkId)).map(i -> verdicts[i]).filter(made -> !made.failed())
            .flatMap(BulkVerdict::id);
    }

    /// The id that a reference stands for; other values stand for themselves.
    private Optional<String> word(String value) {
        return BulkOperation.referred(value).map(this::created).orElse(Optional.of(value));
    }

    /// Follows who waits for whom until it comes back to one of them.
    private List<Integer> circle(int start) {
        var way = new ArrayList<Integer>();
        for (var at = start; !way.contains(at); at = waits.get(at).iterator().next()) {
            way.add(at);
        }
        return way.subList(way.indexOf(waits.get(way.getLast()).iterator().next()), way.size());
    }

    /// Creates people who are one another's managers. If one of them is refused none is made, and the others have what they
    /// refer to no longer to wait for.
    ///
    /// @param circle each of which waits for the next one
    private void together(List<Integer> circle) {
        var at = new int[1];
        try {
            var calls = new ArrayList<Call>();
            for (int i = 0; i < circle.size(); i++) {
                at[0] = i;
                mustBeManaged(circle.get(i), circle.get((i + 1) % circle.size()));
                calls.add(part(circle.get(i), CREATED_USER, next()));
            }
            var answers = users.createCircle(calls, place -> at[0] = place);
            for (int i = 0; i < circle.size(); i++) {
                decided(circle.get(i), BulkVerdict.of(CREATED_USER, answers.get(i)), Optional.empty());
            }
        } catch (RuntimeException | StackOverflowError e) {
            if (e instanceof Refused refused && !(refused.problem() instanceof Unavailable)) {
                failed(circle.get(at[0]), e);
            } else {
                circle.forEach(i -> failed(i, e)); // it may not be known whether they were made
            }
        }
    }

    private void mustBeManaged(int i, int manager) {
        var bulkId = operation(manager).bulkId().orElseThrow();
        if (waits.get(i).size() > 1 || !operation(i).target().equals(Optional.of(CREATED_USER))
            || !operation(i).manager().equals(Optional.of(bulkId))) {
            throw invalid(bulkId, "refers to what waits for this one");
        }
        references.get(i).stream().filter(one -> !one.equals(bulkId)).forEach(this::mustBeThere);
    }
}
