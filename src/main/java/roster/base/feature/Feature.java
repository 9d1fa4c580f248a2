package roster.base.feature;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.http.Routes;
import roster.base.settings.Setting;
import roster.base.work.Worker;

/// What a room of core, or a door, brings along: its constructor makes its nouns from the kernel and the features it
/// needs, and these methods hand out what the program puts together. A new room is wired by its feature alone.
public interface Feature {
    /// Adds the addresses at which it is called.
    default void addTo(Routes routes) {}

    /// What it does in the background on a node that serves.
    default List<Worker> workers() {
        return List.of();
    }

    /// The tables that hold its rows.
    default List<TenantTable> tables() {
        return List.of();
    }

    /// How its rows are repaired after the clock of the database was ahead.
    default List<TimeRepair> timeRepairs() {
        return List.of();
    }

    /// The settings it reads. They are read before any feature is built: a constant of the class, too.
    default List<Setting<?>> settings() {
        return List.of();
    }
}
