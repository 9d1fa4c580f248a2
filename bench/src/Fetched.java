import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/// A published artifact, fetched by Maven with the settings, mirrors and local repository of the one who runs it.
final class Fetched {
    private static final int SECONDS_MAX = 300;
    private static final int WHY_MAX = 200;

    private Fetched() {}

    /// @param extension of its file, as `jar`
    /// @return a copy in the temporary folder
    /// @throws Started.Failed with "not fetched" and the reason
    static Path artifact(Started started, String group, String name, String version, String extension) {
        try {
            started.run(Map.of(), "timeout", "" + SECONDS_MAX, "mvn", "-B", "-q", "dependency:copy",
                "-Dartifact=%s:%s:%s:%s".formatted(group, name, version, extension),
                "-DoutputDirectory=" + started.folder);
        } catch (Started.Failed | UncheckedIOException e) {
            throw new Started.Failed("not fetched: " + reason(e.getMessage()));
        }
        return started.folder.resolve("%s-%s.%s".formatted(name, version, extension));
    }

    /// The first line in which Maven tells of an error, without addresses.
    private static String reason(String said) {
        var line = said.lines().filter(each -> each.contains("ERROR") || each.contains("mvn:")
            || each.startsWith("timeout:")).findFirst().orElse(said.strip().replace('\n', ' '))
            .replaceFirst(".* on project \\S+: ", "").replaceAll("\\(?https?://\\S+", "").replaceAll("\u001B\\[[0-9;]*m", "")
            .replace('|', '/').strip();
        return line.length() <= WHY_MAX ? line : line.substring(0, WHY_MAX) + "…";
    }
}
