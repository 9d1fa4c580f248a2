package roster.core.preference;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;

/// What users prefer.
public final class PreferenceFeature implements Feature {
    public final Preferences preferences;

    public PreferenceFeature(Kernel kernel) {
        preferences = new Preferences(kernel.db());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("console_preferences").unversioned().endingWithUser("user_id"));
    }
}
