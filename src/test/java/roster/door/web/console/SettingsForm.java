package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import roster.support.Answer;
import roster.support.SignedIn;

/// The main form of a page, as a browser would send it, and what a page tells.
record SettingsForm(Map<String, String> fields) {
    private static final Pattern HIDDEN =
        Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern TYPED = Pattern.compile("<input class=\"input\" id=\"([^\"]+)\" name=\"[^\"]+\" "
        + "type=\"(?:text|password)\" value=\"([^\"]*)\"");
    private static final Pattern CHOSEN =
        Pattern.compile("<input type=\"radio\" name=\"([^\"]+)\" value=\"([^\"]*)\" checked>");
    private static final Pattern LINES =
        Pattern.compile("(?s)<textarea class=\"input\" id=\"([^\"]+)\"[^>]*>\n?(.*?)</textarea>");
    private static final Pattern SELECTED =
        Pattern.compile("(?s)<select class=\"input\" id=\"([^\"]+)\".*?</select>");
    private static final Pattern OPTION = Pattern.compile("<option value=\"([^\"]*)\" selected>");
    private static final Pattern NOTICE = Pattern.compile("(?s)<div class=\"notices\" role=\"status\">(.*?)</div>\n");

    /// The form that is sent to a path.
    static SettingsForm of(Answer page, String path) {
        assertThat(page.status()).as(page.text()).isIn(200, 412, 422);
        var start = page.text().indexOf("<form method=\"post\" action=\"" + path + "\"",
            page.text().indexOf("<h1"));
        assertThat(start).as("a form to %s on %s", path, page.text()).isNotNegative();
        var html = page.text().substring(start, page.text().indexOf("</form>", start));
        var fields = new LinkedHashMap<String, String>();
        for (var pattern : new Pattern[] {HIDDEN, TYPED, CHOSEN, LINES}) {
            pattern.matcher(html).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        }
        SELECTED.matcher(html).results().forEach(found -> OPTION.matcher(found.group()).results()
            .forEach(option -> fields.put(found.group(1), text(option.group(1)))));
        fields.remove("csrf");
        return new SettingsForm(fields);
    }

    SettingsForm with(String... pairs) {
        var all = new LinkedHashMap<>(fields);
        for (var i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return new SettingsForm(all);
    }

    static String text(String html) {
        return html.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<")
            .replace("&gt;", ">").replace("&amp;", "&");
    }

    /// Follows the answer to a form to the page that tells what was done.
    static Answer followed(SignedIn session, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        var cookie = answer.header("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        return session.org().roster().send("GET", answer.header("Location").orElseThrow(), null,
            Map.of("Cookie", session.cookie().get("Cookie") + "; " + cookie));
    }

    static String notice(Answer page) {
        var found = NOTICE.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return text(found.group(1).replaceAll("(?s)<form.*?</form>", " ").replaceAll("<[^>]+>", " ")
            .replaceAll("\\s+", " ")).strip();
    }

    /// Sends the form of the notice on a page.
    static Answer undone(SignedIn session, Answer page) {
        var start = page.text().indexOf("<form method=\"post\"", page.text().indexOf("<div class=\"notices\""));
        var html = page.text().substring(start, page.text().indexOf("</form>", start));
        var fields = new LinkedHashMap<String, String>();
        HIDDEN.matcher(html).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        fields.remove("csrf");
        return session.form(html.replaceAll("(?s).*?action=\"([^\"]+)\".*", "$1"), fields);
    }
}
