package roster.base.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import roster.base.source.Randomness;

/// Files that only their owner may read (mode 0600), whole or not there at all.
public final class SecretFile {
    /// A secret that should be in a file and is not. The message is for the operator.
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    private SecretFile() {}

    /// Writes the file through to the disk, in place of one that was there.
    public static void write(Path file, String text) {
        var folder = file.toAbsolutePath().getParent();
        var draft = folder.resolve(file.getFileName() + ".new");
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.getParent());
                Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.deleteIfExists(draft);
            var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            try (var out =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)) {
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The secret key of an installation with the embedded database, made when first asked for.
    ///
    /// @param used whether the database was written with one already: then none is made up
    /// @return bytes from the file `secret-key`, base64 in it
    /// @throws Unusable if it is missing though there was one, or is damaged
    public static byte[] secretKey(Path folder, boolean used, Randomness randomness) {
        var file = folder.resolve("secret-key");
        try {
            if (!Files.exists(file)) {
                if (used) {
                    throw new Unusable(
                        "%s is missing, and the database was written with it: put it back".formatted(file));
                }
                var made = randomness.bytes(Secrets.ROOT_MIN);
                write(file, Base64.getEncoder().encodeToString(made) + "\n");
            }
            var key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length < Secrets.ROOT_MIN) {
                throw new IllegalArgumentException("too short");
            }
            return key;
        } catch (IllegalArgumentException e) {
            throw new Unusable("%s is damaged (%s): put back the one this database was first started with"
                .formatted(file, e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
