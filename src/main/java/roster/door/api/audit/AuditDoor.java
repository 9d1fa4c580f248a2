package roster.door.api.audit;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;

/// Lists and searches the audit trail.
public final class AuditDoor implements Feature {
    private final AuditApi events;

    public AuditDoor(Kernel kernel) {
        events = new AuditApi(kernel.db(), new CursorCodec(kernel.secrets()), kernel.publicUrl());
    }

    @Override
    public void addTo(Routes routes) {
        events.addTo(routes);
    }
}
