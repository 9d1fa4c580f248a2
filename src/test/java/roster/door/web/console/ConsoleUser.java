package roster.door.web.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import roster.base.html.Csrf;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestUser;

/// A user in the console, without a browser's script.
record ConsoleUser(SignedIn session) {
    static ConsoleUser of(TestUser user) {
        return new ConsoleUser(SignedIn.in(user));
    }

    Answer get(String path) {
        return session.page(path);
    }

    Answer post(String path, Map<String, String> fields) {
        return session.form(path, fields);
    }

    /// A form with a file, as browsers send it.
    Answer upload(String path, List<Map.Entry<String, String>> fields, byte[] file) {
        var boundary = "----WebKitFormBoundaryQ7h2";
        var body = new StringBuilder();
        var all = new ArrayList<>(fields);
        all.add(Map.entry(Csrf.FIELD, session.csrf()));
        all.forEach(field -> body.append("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
            .formatted(boundary, field.getKey(), latin(field.getValue()))));
        body.append(
            "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n".formatted(boundary)
                + "Content-Type: text/csv\r\n\r\n%s\r\n--%s--\r\n".formatted(
                    new String(file, StandardCharsets.ISO_8859_1), boundary));
        return raw(path, "multipart/form-data; boundary=" + boundary,
            body.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private Answer raw(String path, String type, byte[] body) {
        var headers = new HashMap<>(session.cookie());
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Content-Type", type);
        return Sending.bytes(session.org().roster().address(), path, body, headers);
    }

    /// Follows an answer that leads on.
    Answer follow(Answer answer) {
        return get(answer.header("Location").orElseThrow(() -> new AssertionError(answer.toString())));
    }

    /// The value of a hidden field.
    static String hidden(Answer page, String name) {
        var found = Pattern.compile("name=\"%s\" value=\"([^\"]*)\"".formatted(name)).matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no field %s in %s".formatted(name, page));
        }
        return found.group(1);
    }

    /// Where the first form with this in its action is sent.
    static String action(Answer page, String part) {
        var found = Pattern.compile("action=\"([^\"]*%s[^\"]*)\"".formatted(Pattern.quote(part))).matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no form %s in %s".formatted(part, page));
        }
        return found.group(1).replace("&amp;", "&");
    }

    /// What is read on a page, without markup.
    static String read(Answer page) {
        return read(page.text());
    }

    static String read(String html) {
        return html.replaceAll("(?s)<(script|style|head)\\b.*?</\\1>", " ").replaceAll("<[^>]+>", " ")
            .replace("&#34;", "\"").replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<")
            .replace("&gt;", ">").replace("&amp;", "&").replaceAll("\\s+", " ");
    }
}
