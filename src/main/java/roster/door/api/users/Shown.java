package roster.door.api.users;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.http.Conditions;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.jsonapi.Document;

/// An answer that the client may have already.
///
/// @param document none if they have
record Shown(String tag, Optional<Document> document) {
    static Shown to(Request request, List<String> tags, Supplier<Document> document) {
        return new Shown(tags.getFirst(),
            Conditions.unchanged(request, tags) ? Optional.empty() : Optional.of(document.get()));
    }

    Response answer() {
        return document.map(shown -> shown.answer(200)).orElseGet(() -> Response.empty(304)).with("ETag", tag);
    }
}
