package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import roster.support.Answer;
import roster.support.SignedIn;

/// Forms about a person, and what is told after one was sent.
final class PersonForms {
    private static final Pattern HIDDEN =
        Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern FIELD =
        Pattern.compile("<input class=\"input\" id=\"([a-z]+)\" name=\"[a-z]+\" type=\"[a-z]+\" value=\"([^\"]*)\"");
    private static final Pattern NOTICE = Pattern.compile("(?s)<div class=\"notices\".*?</main>");

    private PersonForms() {}

    static String text(String html) {
        return html.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    }

    /// The hidden fields and the fields of the form on a page, without its csrf, which the session has.
    static Map<String, String> fields(Answer page) {
        var main = page.text().substring(page.text().indexOf("<h1"));
        var fields = new LinkedHashMap<String, String>();
        HIDDEN.matcher(main).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        FIELD.matcher(main).results().forEach(found -> fields.put(found.group(1), text(found.group(2))));
        fields.remove("csrf");
        return fields;
    }

    static Map<String, String> with(Map<String, String> fields, String... pairs) {
        var all = new HashMap<>(fields);
        for (var i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    /// Follows the answer to a form to the page that tells what was done.
    static String told(SignedIn session, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(303);
        var cookie = answer.header("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        var page = session.org().roster().send("GET", answer.header("Location").orElseThrow(), null,
            Map.of("Cookie", session.cookie().get("Cookie") + "; " + cookie));
        var found = NOTICE.matcher(page.text());
        assertThat(found.find()).isTrue();
        return found.group();
    }

    /// The form of a notice.
    static Answer undone(SignedIn session, String notice) {
        var action = notice.replaceAll("(?s).*?<form method=\"post\" action=\"([^\"]+)\".*", "$1");
        var fields = new LinkedHashMap<String, String>();
        HIDDEN.matcher(notice.substring(0, notice.indexOf("</form>"))).results()
            .forEach(found -> fields.put(found.group(1), text(found.group(2))));
        fields.remove("csrf");
        return session.form(action, fields);
    }
}
