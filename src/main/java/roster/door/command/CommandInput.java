package roster.door.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Reads what a command is told in a file or on standard input, such as a secret, which arguments would show to all users of
/// the machine.
public final class CommandInput {
    private static final String STANDARD = "-";
    private static final int BYTES_MAX = 8 << 10;

    private CommandInput() {}

    /// @param file a path, or `-` for standard input
    /// @return the text, without white space around it
    /// @throws Failed if it cannot be read, is empty, is no UTF-8 or has more than 8 KiB
    public static String read(String file, InputStream standard) {
        var named = file.equals(STANDARD) ? "standard input" : Table.harmless(file);
        var bytes = bytes(file, named, standard);
        if (bytes.length > BYTES_MAX) {
            throw new Failed("%s is too long: at most %d bytes".formatted(named, BYTES_MAX));
        }
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
            if (text.isEmpty()) {
                throw new Failed("%s is empty".formatted(named));
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new Failed("%s is not UTF-8".formatted(named));
        }
    }

    private static byte[] bytes(String file, String named, InputStream standard) {
        try {
            if (file.equals(STANDARD)) {
                return standard.readNBytes(BYTES_MAX + 1);
            }
            try (var in = Files.newInputStream(Path.of(file))) {
                return in.readNBytes(BYTES_MAX + 1);
            }
        } catch (NoSuchFileException e) {
            throw new Failed("there is no file %s".formatted(named));
        } catch (IOException | InvalidPathException e) {
            throw new Failed("%s cannot be read: %s".formatted(named, Table.harmless(String.valueOf(e.getMessage()))));
        }
    }
}
