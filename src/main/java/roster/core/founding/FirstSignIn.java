package roster.core.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.secret.SecretFile;

/// The file with the link by which the first administrator signs in. It is removed when the link was used.
public final class FirstSignIn {
    static final String FILE = "first-sign-in";

    private static final Logger LOG = LoggerFactory.getLogger(FirstSignIn.class);

    private final Path file;

    /// @param folder the data folder
    public FirstSignIn(Path folder) {
        this.file = folder.resolve(FILE);
    }

    /// Writes the link, in place of one that another database's first start left.
    void write(String link) {
        SecretFile.write(file, link + "\n");
    }

    public Path file() {
        return file;
    }

    /// A link was used: if it is the one of the file, the file is of no use any more.
    public void used(String token) {
        try {
            if (Files.exists(file) && Files.readString(file).strip().endsWith("/" + token)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file, e.toString());
        }
    }
}
