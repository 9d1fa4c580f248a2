package roster.door.web.console;

import roster.base.feature.Feature;
import roster.base.html.Browsers;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.bulk.BulkFeature;
import roster.core.directory.DirectoryFeature;
import roster.core.overview.OverviewFeature;
import roster.core.preference.PreferenceFeature;
import roster.core.role.RoleFeature;
import roster.core.user.UserFeature;

/// The console: its pages, each class of which adds its own addresses.
public final class ConsoleDoor implements Feature {
    private final Console console;
    private final OverviewPages overview;
    private final PeoplePages people;
    private final PeopleFile peopleFile;
    private final MePages me;
    private final KeptPages kept = new KeptPages();
    private final InvitePages invite;
    private final PastePages paste;
    private final BulkPages bulk;
    private final JobPages jobs;
    private final MissingPages missing = new MissingPages();

    /// What the pages work on.
    public record Rooms(DirectoryFeature directory, OverviewFeature overview, PreferenceFeature preference,
        RoleFeature role, UserFeature user, BulkFeature bulk) {}

    /// @param version of Roster
    public ConsoleDoor(Kernel kernel, Browsers browsers, Rooms rooms, String version) {
        console = new Console(kernel, browsers, rooms.preference().preferences, rooms.role().administrators, version);
        overview = new OverviewPages(rooms.directory(), rooms.overview());
        people = new PeoplePages(rooms.directory());
        peopleFile = new PeopleFile(people, rooms.directory().export);
        me = new MePages(kernel.db(), rooms.user().users, rooms.role().roles);
        invite = new InvitePages(kernel.db(), rooms.bulk(), rooms.role().roles);
        paste = new PastePages(rooms.bulk());
        bulk = new BulkPages(kernel.db(), rooms.bulk(), rooms.role().roles);
        jobs = new JobPages(kernel.db(), rooms.bulk(), rooms.role().roles, rooms.user().users);
    }

    @Override
    public void addTo(Routes routes) {
        var pages = console.on(routes);
        overview.addTo(pages);
        people.addTo(pages);
        peopleFile.addTo(pages);
        me.addTo(pages);
        kept.addTo(pages);
        invite.addTo(pages);
        paste.addTo(pages);
        bulk.addTo(pages);
        jobs.addTo(pages);
        missing.addTo(pages);
    }
}
