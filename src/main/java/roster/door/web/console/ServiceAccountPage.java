package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.door.web.console.PersonPage.Keys;
import roster.door.web.console.PersonPage.Latest;
import roster.door.web.console.PersonPage.RoleLine;

/// What the pages about a service account show.
public final class ServiceAccountPage {
    private ServiceAccountPage() {}

    /// @param keys how many, as `3 keys`
    /// @param used the last use of one of them
    /// @param maker who created it; empty: it is not known, or may not be told
    /// @param title empty: none
    /// @param latest none where the trail may not be read
    public record Account(PersonHead head, List<RoleLine> roles, Optional<String> changeRoles, String keys,
        String keysHref, Optional<Times.Shown> used, Times.Shown added, Times.Shown changed, String maker, String email,
        String title, Optional<Latest> latest) {}

    /// @param newKey,newToken none: it cannot have another one, or not from the caller
    public record AccountKeys(PersonHead head, Keys keys, Optional<String> newKey, Optional<String> newToken) {}
}
