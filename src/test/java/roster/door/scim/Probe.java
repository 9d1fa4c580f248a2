package roster.door.scim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import roster.base.http.Conditions;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.model.Problem;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestRoster;

/// Routes that only tests have, below both bases of a server of its own: what is asked of every request, before any resource
/// is looked at. `openapi.yaml` does not know them, so their answers are not held against it.
final class Probe {
    static final List<String> BASES = List.of("/scim/v2", "/api/v2/scim");

    static final String TAG = "\"5c1f\"";

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Await.PATIENCE).build();

    private final TestRoster roster;

    /// Thrown by `POST /Refused`; nothing: it fails.
    private final AtomicReference<Problem> problem = new AtomicReference<>();

    /// Happens between the admission of `POST /Role` and its write.
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

    /// @param roster with settings of its own
    Probe(TestRoster roster) {
        this.roster = roster;
        new ScimRoutes(roster.node().routes, roster.program().kernel().publicUrl(), (_, _, _, _) -> {})
            .get("/Probe", call -> call.answer(200, Json.members("caller", call.caller().name(), "org",
                call.caller().org(), "location", call.location("/Probe"), "filter", call.filter())))
            .post("/Probe", call -> call.answer(201, call.object()))
            .put("/Probe", Probe::replace)
            .delete("/Probe/{id}", call -> Response.noContent())
            .post("/Refused", call -> {
                if (problem.get() == null) {
                    throw new IllegalStateException("as it should");
                }
                throw new Refused(problem.get());
            })
            .post("/Role", call -> {
                meanwhile.get().run();
                return call.answer(201, Json.members("id", roster.db().write(call.caller(),
                    tx -> roster.program().role.roles.create(tx, "probe-role", List.of(), true, List.of())).id()));
            })
            .add("GET", "/Mine", Needs.Simple.KEYS, call -> call.answer(200, Json.members("caller",
                call.caller().name())))
            .large().post("/Large", call -> call.answer(200, Json.members("members", call.object().size())));
    }

    private static Response replace(Call call) {
        var sent = call.object();
        if (!Conditions.met(call.request(), List.of(TAG))) {
            throw new Refused(new Stale());
        }
        return call.answer(200, sent);
    }

    void refuse(Problem with) {
        problem.set(with);
    }

    void meanwhile(Runnable something) {
        meanwhile.set(something);
    }

    Answer get(String path, Map<String, String> headers) {
        return send("GET", path, (String) null, headers);
    }

    Answer send(String method, String path, String body, Map<String, String> headers) {
        return send(method, path, body == null ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body), headers);
    }

    Answer send(String method, String path, HttpRequest.BodyPublisher body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(roster.address() + path)).timeout(Await.PATIENCE)
            .method(method, body);
        headers.forEach(request::header);
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(method, path, response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
