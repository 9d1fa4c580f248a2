package roster.door.api.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.secret.Secrets;
import roster.core.access.KeptAnswers;
import roster.core.access.KeptAnswers.Answer;
import roster.core.access.KeptAnswers.Use;
import roster.model.Problem.Unfit;
import roster.model.Refused;

/// Requests with an `Idempotency-Key` are executed once: a client that sends one again, because the answer got lost, gets
/// the answer of the first time. A key belongs to an organisation, a caller and a route. Credentials, permission and body
/// are checked each time before an answer is replayed.
public final class Idempotency {
    private static final String HEADER = "Idempotency-Key";
    private static final int KEY_MAX = 255;

    private final Database db;
    private final KeptAnswers answers;

    public Idempotency(Database db, KeptAnswers answers) {
        this.db = db;
        this.answers = answers;
    }

    /// Runs the work in a write, once for each key; without a key, each time. Returns after the commit.
    ///
    /// @param answer makes the answer from the result of the work; with a key it runs within the write
    /// @throws Refused with [Unfit] if the key is not 1 to 255 printable ASCII characters, as [KeptAnswers#find] does, and as
    ///     the work does
    public <T> Response once(Request request, Function<WriteTx, T> work, Function<T, Response> answer) {
        return once(request, false, work, answer);
    }

    /// The same for an answer that shows a secret, which is kept sealed.
    public <T> Response onceWithSecret(Request request, Function<WriteTx, T> work, Function<T, Response> answer) {
        return once(request, true, work, answer);
    }

    private <T> Response once(Request request, boolean secret, Function<WriteTx, T> work,
        Function<T, Response> answer) {
        var key = key(request);
        if (key.isEmpty()) {
            return answer.apply(db.write(request.caller(), work));
        }
        var route = request.route().method() + " " + request.route().template();
        var use =
            new Use(request.caller().org(), request.caller().user().orElseThrow(), route, Secrets.digest(key.get()),
                Secrets.digest(request.body()), secret);
        return db.write(request.caller(), tx -> answers.find(tx, use).map(Idempotency::replayed).orElseGet(() -> {
            var response = answer.apply(work.apply(tx));
            answers.keep(tx, use, kept(response));
            return response;
        }));
    }

    private static Optional<String> key(Request request) {
        var sent = request.headers(HEADER);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        var key = sent.getFirst().strip();
        var printable = key.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (sent.size() > 1 || key.isEmpty() || key.length() > KEY_MAX || !printable) {
            throw new Refused(new Unfit("The value provided for header '%s' is invalid".formatted(HEADER)));
        }
        return Optional.of(key);
    }

    private static Answer kept(Response response) {
        return new Answer(response.status(), response.headers().stream()
            .flatMap(header -> List.of(header.name(), header.value()).stream()).toList(), response.contentType(),
            response.body());
    }

    private static Response replayed(Answer answer) {
        var headers = new ArrayList<Response.Header>();
        for (int i = 0; i < answer.headers().size(); i += 2) {
            headers.add(new Response.Header(answer.headers().get(i), answer.headers().get(i + 1)));
        }
        return new Response(answer.status(), headers, answer.contentType(), List.of(answer.body()),
            false)
            .with("Idempotency-Replayed", "true");
    }
}
