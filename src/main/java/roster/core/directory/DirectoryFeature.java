package roster.core.directory;

import java.util.List;
import roster.base.feature.Feature;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.settings.Settings;
import roster.base.settings.WrongSetting;
import roster.core.Kernel;
import roster.core.role.RoleFeature;

/// The users and roles of organisations in memory.
public final class DirectoryFeature implements Feature {
    public static final Setting<Long> MEMORY = Setting.of("ROSTER_DIRECTORY_MEMORY",
        "Memory for the in-memory directories of all organisations together: `512MB`, `2GB` or a number of bytes, at most "
            + "half of the heap. The least recently used organisation is evicted first. An organisation that does not fit "
            + "is read with SQL: same answers, slower",
        Parsers::bytes).derived("a quarter of the heap");

    public static final List<Setting<?>> SETTINGS = List.of(MEMORY);

    public final UserLists lists = new UserLists();
    public final DirectoryCache directory;

    public DirectoryFeature(Kernel kernel, RoleFeature role) {
        directory = new DirectoryCache(kernel.db(), lists, role.roles, bytes(kernel.settings()));
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    /// In bytes. More than half of the heap is refused: arrays that grow are copied, and requests need some too.
    ///
    /// @throws WrongSetting if it is more
    private static long bytes(Settings settings) {
        var heap = Runtime.getRuntime().maxMemory();
        var asked = settings.get(MEMORY).orElse(heap / 4);
        if (asked > heap / 2) {
            throw new WrongSetting(
                "%s: expected half of the heap or less, which is %dMB here; JAVA_OPTS=-Xmx… makes the "
                    .formatted(MEMORY, heap / 2 >> 20) + "heap larger");
        }
        return asked;
    }
}
