package roster.core.preference;

import java.time.ZoneId;
import java.util.Optional;
import roster.model.User;

/// For whom a page of the console is made.
///
/// @param org the name of their organisation
/// @param zone in which they see times
/// @param watched whether pages look each minute whether their session still runs
public record Viewer(String org, User.Id user, String email, Optional<String> name, Preference preference,
    ZoneId zone, boolean watched) {}
