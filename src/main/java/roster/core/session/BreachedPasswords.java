package roster.core.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import roster.base.postgres.NotStarted;

/// Passwords that were found in breaches: a file of their SHA-1 digests, one a line in hexadecimal, sorted, with or without
/// `:` and a number behind, as public lists have them. It is searched where it is; nothing of it is kept in memory.
public final class BreachedPasswords {
    private static final int DIGITS = 40;

    /// Longer than a digest, a colon, a number and the end of a line.
    private static final int LINE_MAX = 64;

    /// How much of a file is looked at whole when it is opened, at its beginning. Of what comes after it, lines at equal distances.
    private static final long WHOLE = 64L << 20;
    private static final int BLOCK = 1 << 20;
    private static final int SAMPLES = 4096;

    private final FileChannel file;
    private final long size;

    private BreachedPasswords(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /// Opens a file, and looks whether it is sorted: the first 64 MiB whole, and 4,096 lines of the rest.
    ///
    /// @throws IllegalArgumentException saying what is wrong with it
    static BreachedPasswords in(Path path) {
        try {
            var file = FileChannel.open(path, StandardOpenOption.READ);
            var found = new BreachedPasswords(file);
            var fault = found.fault();
            if (!fault.isEmpty()) {
                file.close();
                throw new IllegalArgumentException(fault);
            }
            return found;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + NotStarted.reason(e, "read"), e);
        }
    }

    private String fault() throws IOException {
        var whole = Math.min(size, WHOLE);
        var last = "";
        var number = 0L;
        for (var at = 0L; at < whole;) {
            var block = text(at, BLOCK);
            var end = at + block.length() == size ? block.length() : block.lastIndexOf('\n') + 1;
            if (end == 0) {
                return "line %d is too long".formatted(number + 1);
            }
            for (var line : block.substring(0, end).split("\n")) {
                number++;
                var digest = digest(line);
                if (digest.isEmpty()) {
                    return "line %d is not a SHA-1 digest in hexadecimal".formatted(number);
                }
                if (digest.compareTo(last) < 0) {
                    return "line %d is not in order: the file must be sorted".formatted(number);
                }
                last = digest;
            }
            at += end;
        }
        for (var sample = 1; sample <= SAMPLES && whole < size; sample++) {
            var line = lineFrom(whole + (size - whole - 1) / SAMPLES * sample);
            if (!line.isEmpty() && (digest(line).isEmpty() || digest(line).compareTo(last) < 0)) {
                return "its lines are not SHA-1 digests in order";
            }
            last = line.isEmpty() ? last : digest(line);
        }
        return number == 0 ? "it is empty" : "";
    }

    /// @return empty if the line has none
    private static String digest(String line) {
        var stripped = line.strip();
        var digits = stripped.indexOf(':') < 0 ? stripped : stripped.substring(0, stripped.indexOf(':'));
        return digits.length() == DIGITS && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)
            ? digits.toUpperCase(Locale.ROOT) : "";
    }

    private String text(long at, int most) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(most, size - at));
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }

    /// The first line that begins at a place or after it.
    ///
    /// @return empty if there is none
    private String lineFrom(long at) throws IOException {
        var before = at == 0 ? 0 : at - 1;
        var text = text(before, 2 * LINE_MAX);
        var begin = at == 0 ? 0 : text.indexOf('\n') + 1;
        if (at > 0 && begin == 0 || begin >= text.length()) {
            return "";
        }
        var end = text.indexOf('\n', begin);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    /// Whether a password is in the file.
    boolean has(String password) {
        var sought = HexFormat.of().withUpperCase().formatHex(sha1(password));
        try {
            // The line sought begins in [low, high).
            var low = 0L;
            var high = size;
            while (low < high) {
                var middle = low + (high - low) / 2;
                var line = lineFrom(middle);
                var order = line.isEmpty() ? 1 : digest(line).compareTo(sought);
                if (order == 0) {
                    return true;
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha1(String password) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
