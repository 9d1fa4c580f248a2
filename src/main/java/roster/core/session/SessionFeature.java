package roster.core.session;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;

/// Passwords.
public final class SessionFeature implements Feature, AutoCloseable {
    public final Passwords passwords;

    public SessionFeature(Kernel kernel) {
        passwords = new Passwords(kernel.audit(), kernel.sources().randomness());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("passwords").endingWithUser("user_id"));
    }

    @Override
    public void close() {
        passwords.close();
    }
}
