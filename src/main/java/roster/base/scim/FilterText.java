package roster.base.scim;

import java.util.Locale;
import roster.model.Refused;
import roster.model.ScimType;

/// The text of a filter, read from left to right.
final class FilterText {
    private static final String ESCAPED = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";
    private static final int HEX_DIGITS = 4;
    private static final int HEX = 16;

    private final String typed;
    private final ScimType fault;
    private int at;

    /// @throws Refused beyond [Filter#LENGTH_MAX]
    FilterText(String typed, ScimType fault) {
        this.typed = typed;
        this.fault = fault;
        if (typed.length() > Filter.LENGTH_MAX) {
            throw bad("Longer than %d characters".formatted(Filter.LENGTH_MAX));
        }
    }

    /// A value of a comparison.
    ///
    /// @param isNull whether it is `null`, without quotation marks
    record Value(String text, boolean isNull) {}

    private void blanks() {
        while (at < typed.length() && isBlank(typed.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isBracket(char c) {
        return c == '(' || c == ')' || c == '[' || c == ']';
    }

    boolean isAtEnd() {
        blanks();
        return at == typed.length();
    }

    void mustEnd() {
        if (!isAtEnd()) {
            throw unexpected();
        }
    }

    /// Reads this character if it is the next one, after blanks.
    boolean opens(char c) {
        blanks();
        return opensNow(c);
    }

    /// Reads this character if it is the very next one.
    boolean opensNow(char c) {
        if (at < typed.length() && typed.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    void mustClose(char c) {
        if (!opens(c)) {
            throw unexpected();
        }
    }

    /// Reads a word if it is the next one, in any case.
    boolean word(String word) {
        blanks();
        var end = at + word.length();
        if (typed.regionMatches(true, at, word, 0, word.length()) && (end == typed.length() || isEnd(end))) {
            at = end;
            return true;
        }
        return false;
    }

    private boolean isEnd(int index) {
        return isBlank(typed.charAt(index)) || isBracket(typed.charAt(index));
    }

    /// Reads the name of an attribute.
    String name() {
        blanks();
        var name = run();
        if (name.isEmpty()) {
            throw unexpected();
        }
        return name;
    }

    /// Reads an operator, in lower case.
    String operator() {
        return name().toLowerCase(Locale.ROOT);
    }

    private String run() {
        var start = at;
        while (at < typed.length() && !isEnd(at) && typed.charAt(at) != '"') {
            at++;
        }
        return typed.substring(start, at);
    }

    Value value() {
        blanks();
        if (opensNow('"')) {
            var text = quoted();
            if (at < typed.length() && !isEnd(at)) {
                throw unexpected();
            }
            return new Value(text, false);
        }
        if (at < typed.length() && typed.charAt(at) == '\'') {
            throw bad("Values stand in double quotation marks");
        }
        var text = run();
        if (text.isEmpty() || at < typed.length() && typed.charAt(at) == '"') {
            throw unexpected();
        }
        return new Value(text, text.equals("null"));
    }

    /// A text of JSON, of which the first quotation mark was read.
    private String quoted() {
        var text = new StringBuilder();
        while (at < typed.length()) {
            var c = typed.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            text.append(c == '\\' ? escaped() : c);
        }
        throw bad("A quotation mark is missing");
    }

    private char escaped() {
        var c = at < typed.length() ? typed.charAt(at++) : ' ';
        if (c == 'u') {
            return hex();
        }
        var which = ESCAPED.indexOf(c);
        if (which < 0) {
            throw bad("Not an escape of JSON, at character %d".formatted(at));
        }
        return MEANT.charAt(which);
    }

    private char hex() {
        var code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            var digit = at < typed.length() ? Character.digit(typed.charAt(at++), HEX) : -1;
            if (digit < 0) {
                throw bad("Not an escape of JSON, at character %d".formatted(at));
            }
            code = code * HEX + digit;
        }
        return (char) code;
    }

    Refused unexpected() {
        return bad(at == typed.length() ? "It ends too early" : "Unexpected at character %d".formatted(at + 1));
    }

    private Refused bad(String detail) {
        return Bad.request(fault, (fault == ScimType.INVALID_PATH ? "Not a path: " : "Not a filter: ") + detail);
    }
}
