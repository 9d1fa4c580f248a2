package roster.access;

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
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/// Files that only their owner may read (mode 0600), whole or not there at all.
public final class SecretFile {
    private SecretFile() {}

    /// Writes the file through to the disk, in place of one that was there.
    public static void write(Path file, String text) {
        var folder = file.toAbsolutePath().getParent();
        var draft = folder.resolve(file.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
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
    /// @return bytes from the file `secret-key`, base64 in it
    public static byte[] secretKey(Path folder) {
        var file = folder.resolve("secret-key");
        try {
            if (!Files.exists(file)) {
                var made = new byte[Secrets.ROOT_MIN];
                new SecureRandom().nextBytes(made);
                write(file, Base64.getEncoder().encodeToString(made) + "\n");
            }
            return Base64.getDecoder().decode(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
