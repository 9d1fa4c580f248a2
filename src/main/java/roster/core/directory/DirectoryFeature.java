package roster.core.directory;

import java.util.List;
import roster.base.feature.Feature;
import roster.base.secret.CursorCodec;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.core.Kernel;
import roster.core.role.RoleFeature;

/// The users and roles of organisations in memory.
public final class DirectoryFeature implements Feature {
    public static final Setting<Long> MEMORY = Setting.of("ROSTER_DIRECTORY_MEMORY",
        "Memory for the in-memory directories of all organisations together: `512MB`, `2GB` or a number of bytes, at most "
            + "half of the heap. The least recently used organisation is evicted first. An organisation that does not fit "
            + "is read with SQL: same answers, slower",
        DirectoryFeature::atMostHalfOfTheHeap).derived("a quarter of the heap");

    public static final List<Setting<?>> SETTINGS = List.of(MEMORY);

    public final UserLists lists = new UserLists();
    public final DirectoryCache directory;
    public final PeopleLists people;
    public final PeopleExport export;
    public final RoleLists roles;

    public DirectoryFeature(Kernel kernel, RoleFeature role) {
        directory = new DirectoryCache(kernel.db(), lists, role.roles,
            kernel.settings().get(MEMORY).orElse(Runtime.getRuntime().maxMemory() / 4));
        people = new PeopleLists(new CursorCodec(kernel.secrets()));
        export = new PeopleExport(kernel.db(), kernel.audit(), role.roles);
        roles = new RoleLists(new CursorCodec(kernel.secrets()), kernel.catalogue());
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    /// In bytes. Arrays that grow are copied, and requests need some too.
    private static long atMostHalfOfTheHeap(String text) {
        var most = Runtime.getRuntime().maxMemory() / 2;
        var asked = Parsers.bytes(text);
        if (asked > most) {
            throw new IllegalArgumentException(
                "expected half of the heap or less, which is %dMB here; JAVA_OPTS=-Xmx… makes "
                    .formatted(most >> 20) + "the heap larger");
        }
        return asked;
    }
}
