package roster.door.api.events;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.http.Response;
import roster.base.http.StoredBody;
import roster.base.json.Json;
import roster.core.event.EventId;
import roster.core.event.FeedQuery;
import roster.core.event.FeedQuery.From;
import roster.model.Caller;
import roster.model.Problem.TooManyRequests;
import roster.model.Refused;

/// A feed to its end as a file: one event a line, and a last line that says where to go on.
final class EventLines {
    static final String TYPE = "application/x-ndjson";

    /// How long one who reads a file already is asked to stay away, in seconds.
    private static final int RETRY_SECONDS = 5;
    private static final int AT_ONCE = 1000;

    private final EventReader reader;
    private final EventForm form;

    /// Who is being sent a file.
    private final Set<Caller.Credentials> reading = ConcurrentHashMap.newKeySet();

    EventLines(EventReader reader, EventForm form) {
        this.reader = reader;
        this.form = form;
    }

    /// @throws Refused with [TooManyRequests] while another one is made for the same credential
    Response of(Caller caller, FeedQuery query, boolean withObjects) {
        if (!reading.add(caller.credentials())) {
            throw new Refused(new TooManyRequests(RETRY_SECONDS));
        }
        try {
            return Response.stored(TYPE, StoredBody.of(out -> write(out, caller, query, withObjects)));
        } finally {
            reading.remove(caller.credentials());
        }
    }

    private void write(OutputStream out, Caller caller, FeedQuery query, boolean withObjects) {
        var end = reader.read(caller.org(), query.from(new From.Latest()), false).page().after();
        var from = query.from();
        Optional<EventId> cursor = Optional.empty();
        var more = true;
        while (more) {
            var shown =
                reader.read(caller.org(), new FeedQuery(from, query.types(), query.about(), AT_ONCE), withObjects);
            var page = shown.page();
            for (int i = 0; i < page.events().size() && !isBehind(page.events().get(i).id(), end); i++) {
                line(out, form.of(page.events().get(i), shown.objects().get(i)));
            }
            more = page.more() && !isBehind(page.after().orElseThrow(), end);
            cursor = more ? page.after() : end;
            from = cursor.<From>map(From.After::new).orElse(from);
        }
        line(out, Json.members("cursor", cursor.map(EventId::toString)));
    }

    private static boolean isBehind(EventId event, Optional<EventId> end) {
        return end.filter(event::isBehind).isPresent();
    }

    private static void line(OutputStream out, Map<String, Object> object) {
        try {
            out.write(Json.bytes(object));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
