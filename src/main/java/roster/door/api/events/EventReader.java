package roster.door.api.events;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.core.event.EventFeature;
import roster.core.event.Feed;
import roster.core.event.FeedPage;
import roster.core.event.FeedQuery;
import roster.core.event.ObjectAsOf.Told;
import roster.model.Org;

/// Reads a part of a feed, with what its events are about.
final class EventReader {
    private final Database db;
    private final EventFeature feature;

    EventReader(Database db, EventFeature feature) {
        this.db = db;
        this.feature = feature;
    }

    /// A page, with what each of its events is about, if that was asked for.
    record Shown(FeedPage page, List<Optional<Told>> objects) {}

    Shown read(Org.Id org, FeedQuery query, boolean withObjects) {
        return db.search(tx -> {
            var page = Feed.page(tx, org, query);
            if (!withObjects || page.events().isEmpty()) {
                return new Shown(page, page.events().stream().map(_ -> Optional.<Told>empty()).toList());
            }
            var told = feature.objects.right(tx, org, page.events()).stream().map(Optional::of).toList();
            return new Shown(page.first(told.size()), told);
        });
    }
}
