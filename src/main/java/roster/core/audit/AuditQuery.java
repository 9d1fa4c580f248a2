package roster.core.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import roster.base.net.Network;
import roster.model.Email;

/// A query of the audit search, made into a condition on `audit_events`: `*`,
/// `@path:value` on the facts of an event, bare words on its message, `AND` (also by juxtaposition), `OR`, `-` or `NOT`,
/// parentheses, `*` at the end of a value. Case is ignored except in the operators. What other search languages have
/// besides (`*` elsewhere, `?`, comparisons, ranges) is refused, unless it stands in quotes and is meant literally.
///
/// @param sql a condition with a `?` for each value
public record AuditQuery(String sql, List<Object> values) {
    /// The longest query, in characters, and the deepest nesting of parentheses.
    static final int LENGTH_MAX = 4096;
    static final int DEPTH_MAX = 32;

    /// The most words and values, as each is compared with every event of the search.
    static final int TERMS_MAX = 30;

    private static final String CLIENT_ADDRESS = "network.client.ip";

    /// The columns of known paths. Other paths lead into the changed facts.
    private static final Map<String, String> COLUMNS = Map.ofEntries(Map.entry("evt.name", "v.evt_name"),
        Map.entry("evt.actor.type", "v.actor_type"), Map.entry("action", "v.verb"),
        Map.entry("asset.type", "v.asset_type"), Map.entry("asset.id", "v.asset_id::text"),
        Map.entry("asset.name", "v.asset_name"), Map.entry("usr.id", "v.usr_id"), Map.entry("usr.email", "v.usr_email"),
        Map.entry("usr.uuid", "v.usr_uuid::text"), Map.entry("org.uuid", "v.org_id::text"),
        Map.entry("auth_method", "v.auth_method"), Map.entry(CLIENT_ADDRESS, "v.address"),
        Map.entry("status", "v.status"), Map.entry("request_id", "v.request_id"));

    private static final Set<String> OPERATORS = Set.of("AND", "OR", "NOT");
    private static final String PREVIOUS = "asset.prev_value.";
    private static final String NEW = "asset.new_value.";
    private static final Pattern UNSUPPORTED = Pattern.compile("[*].|[?\\\\]|^[<>\\[{]|:[<>\\[{]");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    /// Everything.
    public static final AuditQuery ALL = new AuditQuery("true", List.of());

    /// What is wrong with a text that is no query.
    public enum Fault {
        TOO_LONG, TOO_DEEP, TOO_MANY_WORDS, STRAY_PARENTHESIS, MISSING_PARENTHESIS, MISSING_QUOTE, NO_VALUE_OF_PATH,
        NO_OR, OPERATOR_ALONE, MISSING_VALUE,
        /// What other search languages have.
        UNSUPPORTED
    }

    /// Thrown for a text that is no query.
    public static final class Unreadable extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        private final Fault fault;
        private final int at;

        private Unreadable(Fault fault, int at) {
            super(fault + " at " + at);
            this.fault = fault;
            this.at = at;
        }

        public Fault fault() {
            return fault;
        }

        /// The index of the character where it begins; the length of the text where something is missing at its end.
        public int at() {
            return at;
        }
    }

    /// @throws Unreadable if it is no such query
    public static AuditQuery parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw new Unreadable(Fault.TOO_LONG, LENGTH_MAX);
        }
        return new Parser(text).whole();
    }

    private static final class Parser {
        private final String text;
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> values = new ArrayList<>();
        private int at;
        private int depth;
        private int terms;

        private Parser(String text) {
            this.text = text;
        }

        private AuditQuery whole() {
            skipBlanks();
            if (at == text.length()) {
                sql.append("true");
            } else {
                anyOf();
            }
            if (at < text.length()) {
                throw new Unreadable(Fault.STRAY_PARENTHESIS, at);
            }
            return new AuditQuery(sql.toString(), values);
        }

        private void anyOf() {
            if (++depth > DEPTH_MAX) {
                throw new Unreadable(Fault.TOO_DEEP, Math.max(0, at - 1));
            }
            sql.append('(');
            allOf();
            while (word("OR")) {
                sql.append(" OR ");
                allOf();
            }
            sql.append(')');
            depth--;
        }

        private void allOf() {
            sql.append('(');
            one();
            while (more()) {
                sql.append(" AND ");
                one();
            }
            sql.append(')');
        }

        /// Whether another condition follows, with `AND` before it or nothing.
        private boolean more() {
            if (word("AND")) {
                return true;
            }
            skipBlanks();
            return at < text.length() && text.charAt(at) != ')' && !looksAt("OR");
        }

        private void one() {
            skipBlanks();
            if (take('-') || word("NOT")) {
                if (++depth > DEPTH_MAX) {
                    throw new Unreadable(Fault.TOO_DEEP, Math.max(0, at - 1));
                }
                // A fact that an event lacks does not match, so its negation does.
                sql.append("NOT COALESCE(");
                one();
                sql.append(", false)");
                depth--;
            } else if (take('(')) {
                anyOf();
                close();
            } else if (take('@')) {
                attribute();
            } else {
                bare();
            }
        }

        private void close() {
            skipBlanks();
            if (!take(')')) {
                throw new Unreadable(Fault.MISSING_PARENTHESIS, at);
            }
        }

        private void attribute() {
            var begin = at;
            while (at < text.length() && text.charAt(at) != ':') {
                at++;
            }
            var path = text.substring(begin, at);
            if (!take(':') || !PATH.matcher(path).matches()) {
                throw new Unreadable(Fault.NO_VALUE_OF_PATH, begin - 1);
            }
            if (take('(')) {
                sql.append('(');
                value(path);
                while (!take(')')) {
                    if (!word("OR")) {
                        throw new Unreadable(at == text.length() ? Fault.MISSING_PARENTHESIS : Fault.NO_OR, at);
                    }
                    sql.append(" OR ");
                    value(path);
                }
                sql.append(')');
            } else {
                value(path);
            }
            skipBlanks();
        }

        private void value(String path) {
            skipBlanks();
            var quoted = at < text.length() && text.charAt(at) == '"';
            var value = value();
            skipBlanks();
            if (!quoted && value.equals("*")) {
                column(path);
                sql.append(" IS NOT NULL");
            } else if (!quoted && value.endsWith("*")) {
                sql.append("starts_with(lower(");
                column(path);
                sql.append("), ?)");
                values.add(value.substring(0, value.length() - 1).toLowerCase(Locale.ROOT));
            } else if (path.equals(CLIENT_ADDRESS)) {
                sql.append("lower(v.address) = ANY (?)");
                values.add(addressForms(value));
            } else {
                sql.append("lower(");
                column(path);
                sql.append(") = ?");
                values.add(folded(value));
            }
        }

        private void column(String path) {
            var known = COLUMNS.get(path);
            if (known != null) {
                sql.append(known);
            } else if (path.startsWith(PREVIOUS) || path.startsWith(NEW)) {
                sql.append(path.startsWith(NEW) ? "(v.after #>> ?::text[])" : "(v.before #>> ?::text[])");
                values
                    .add(List.of(path.substring(path.startsWith(NEW) ? NEW.length() : PREVIOUS.length()).split("\\.")));
            } else {
                sql.append("NULL::text"); // no such fact
            }
        }

        private void bare() {
            var begin = at;
            var quoted = at < text.length() && text.charAt(at) == '"';
            var word = value();
            if (!quoted && OPERATORS.contains(word)) {
                throw new Unreadable(Fault.OPERATOR_ALONE, begin);
            } else if (!quoted && word.equals("*")) {
                sql.append("true");
            } else if (!quoted && word.indexOf(':') > 0) {
                // A tag: there is only one.
                sql.append(
                    word.equalsIgnoreCase("source:audit") || word.equalsIgnoreCase("source:*") ? "true" : "false");
            } else {
                sql.append("strpos(lower(v.message), ?) > 0");
                values.add(folded(quoted || !word.endsWith("*") ? word : word.substring(0, word.length() - 1)));
            }
            skipBlanks();
        }

        /// As entries have it, and those that earlier versions of Roster wrote: theirs are sealed, zeros and all.
        private static List<String> addressForms(String value) {
            try {
                var address = Network.literal(value);
                return List.of(Network.text(address), address.getHostAddress());
            } catch (IllegalArgumentException e) {
                return List.of(value.toLowerCase(Locale.ROOT)); // of a local network, with its zone, or nonsense
            }
        }

        /// An address in the form that events have it in, whatever form it was typed in.
        private static String folded(String value) {
            return Email.known(value).orElseGet(() -> value.toLowerCase(Locale.ROOT));
        }

        /// Text in quotes, or up to the next blank or parenthesis.
        private String value() {
            if (++terms > TERMS_MAX) {
                throw new Unreadable(Fault.TOO_MANY_WORDS, at);
            }
            var begin = at;
            if (take('"')) {
                var value = new StringBuilder();
                while (at < text.length() && text.charAt(at) != '"') {
                    if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                        at++;
                    }
                    value.append(text.charAt(at++));
                }
                if (!take('"')) {
                    throw new Unreadable(Fault.MISSING_QUOTE, begin);
                }
                return value.toString();
            }
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))
                && "()\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == begin) {
                throw new Unreadable(Fault.MISSING_VALUE, at);
            }
            var value = text.substring(begin, at);
            if (UNSUPPORTED.matcher(value).find()) {
                throw new Unreadable(Fault.UNSUPPORTED, begin);
            }
            return value;
        }

        private boolean take(char wanted) {
            if (at < text.length() && text.charAt(at) == wanted) {
                at++;
                return true;
            }
            return false;
        }

        private boolean word(String wanted) {
            skipBlanks();
            if (!looksAt(wanted)) {
                return false;
            }
            at += wanted.length();
            skipBlanks();
            return true;
        }

        private boolean looksAt(String word) {
            var end = at + word.length();
            return text.startsWith(word, at)
                && (end == text.length() || Character.isWhitespace(text.charAt(end)) || text.charAt(end) == '(');
        }

        private void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }
    }
}
