package roster.door.api.events;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.event.EventFeature;

/// The feed of events, and their catalogue.
public final class EventDoor implements Feature {
    private final EventApi events;
    private final EventTypeApi types;

    public EventDoor(Kernel kernel, EventFeature event) {
        var form = new EventForm(kernel.publicUrl(), new ObjectForm(kernel.catalogue()));
        events = new EventApi(kernel.db(), event, form, kernel.publicUrl());
        types = new EventTypeApi(form);
    }

    @Override
    public void addTo(Routes routes) {
        events.addTo(routes);
        types.addTo(routes);
    }
}
