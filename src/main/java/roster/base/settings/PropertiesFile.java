package roster.base.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// Reads names and values from UTF-8 text of lines `NAME=value`, which may begin with a byte order mark.
final class PropertiesFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private PropertiesFile() {}

    /// @return nothing if there is no such file
    /// @throws WrongSetting if there is one that cannot be read
    static Map<String, String> read(Path file) {
        var found = new TreeMap<String, String>();
        var properties = new Properties();
        try {
            var text = text(file);
            if (text.indexOf('\0') >= 0) { // UTF-16 without a byte order mark
                throw new CharacterCodingException();
            }
            properties.load(new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8");
        } catch (AccessDeniedException e) {
            throw unreadable(file, "it may not be read");
        } catch (IOException e) {
            throw unreadable(file, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw unreadable(file, "a \\u must be followed by four hex digits");
        }
        properties.stringPropertyNames().forEach(name -> found.put(name, properties.getProperty(name)));
        return found;
    }

    private static String text(Path file) throws IOException {
        if (!Files.exists(file)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw unreadable(file, "it is a link to a file that is not there");
            }
            return "";
        }
        if (Files.isDirectory(file)) {
            throw unreadable(file, "it is a folder");
        }
        return Files.readString(file);
    }

    private static WrongSetting unreadable(Path file, String why) {
        return new WrongSetting("%s cannot be read: %s".formatted(file, why));
    }
}
