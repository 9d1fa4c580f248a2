package roster.core.factor;

import io.nayuki.qrcodegen.QrCode;
import io.nayuki.qrcodegen.QrCode.Ecc;

/// A QR code as a path of SVG, which is part of a page: nothing is loaded for it.
///
/// @param size of its sides, in modules, the quiet zone included
/// @param path of its dark modules
public record QrPicture(int size, String path) {
    /// Blank modules around it, as ISO 18004 asks for.
    private static final int QUIET = 4;

    public static QrPicture of(String text) {
        var code = QrCode.encodeText(text, Ecc.MEDIUM);
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append("M%d,%dh1v1h-1z".formatted(x + QUIET, y + QUIET));
                }
            }
        }
        return new QrPicture(code.size + 2 * QUIET, path.toString());
    }
}
