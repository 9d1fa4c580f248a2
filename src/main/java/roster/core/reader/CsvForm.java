package roster.core.reader;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Pattern;

/// How a CSV file is written, as its beginning shows: spreadsheets separate cells by semicolons where the comma is in
/// numbers, and may say so in a line `sep=;` before the header.
///
/// @param separator between cells
/// @param before characters before the header
/// @param linesBefore lines before the header
public record CsvForm(char separator, int before, int linesBefore) {
    /// A separator that is not known.
    public static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String separator;

        Unknown(String separator) {
            super(separator);
            this.separator = separator;
        }

        public String separator() {
            return separator;
        }
    }

    /// Longer headers are refused anyway: they have columns that are not known.
    private static final int LOOKED_AT = 1024;
    private static final String SEPARATORS = ",;\t";
    private static final String BOM = "\uFEFF";
    private static final Pattern NAMED = Pattern.compile("(?i)sep=([^\\r\\n])(\\r\\n|\\r|\\n|$)");

    /// @throws Unknown if the file names a separator that is not known
    public static CsvForm of(BufferedReader reader) throws IOException {
        var buffer = new char[LOOKED_AT];
        var length = 0;
        for (var read = 0; read >= 0 && length < LOOKED_AT; length += Math.max(read, 0)) {
            read = reader.read(buffer, length, LOOKED_AT - length);
        }
        var text = new String(buffer, 0, length);
        var begins = text.startsWith(BOM) ? 1 : 0;
        var named = NAMED.matcher(text).region(begins, length);
        if (named.lookingAt()) {
            if (!SEPARATORS.contains(named.group(1))) {
                throw new Unknown(named.group(1));
            }
            return new CsvForm(named.group(1).charAt(0), named.end(), 1);
        }
        // No name of a column has a separator in it.
        var header = text.substring(begins).lines().findFirst().orElse("");
        var separator = header.chars().filter(c -> SEPARATORS.indexOf(c) >= 0).findFirst().orElse(',');
        return new CsvForm((char) separator, begins, 0);
    }

    /// Leads the reader of a whole file to its header.
    public void skip(BufferedReader reader) throws IOException {
        for (int i = 0; i < before; i++) {
            reader.read();
        }
    }
}
