package roster.door.web.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.html.Site;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// What has just been done, told once, at the top of the page that comes next, with the way to undo it.
///
/// @param kind how it looks
/// @param undo a form that takes it back; none: it cannot be, or not from here
public record Notice(Kind kind, String text, Optional<Undo> undo) {
    private static final String COOKIE = "roster_notice";
    private static final String PATH = "/console";
    private static final Duration AGE = Duration.ofSeconds(60);

    /// The longest text, in characters: the cookie must stay below 2 KiB.
    private static final int TEXT_MAX = 300;
    private static final int COOKIE_MAX = 2048;

    public enum Kind {
        DONE, WAIT, BAD
    }

    /// @param label such as `Enable again`
    /// @param template of the route that the form is sent to; it is offered only to callers who may
    /// @param arguments of the template
    /// @param fields such as the tag after the act
    public record Undo(String label, String template, List<String> arguments, Map<String, String> fields) {
        public Undo {
            arguments = List.copyOf(arguments);
            fields = Map.copyOf(fields);
        }
    }

    public static Notice done(String text) {
        return new Notice(Kind.DONE, text, Optional.empty());
    }

    public Notice with(Undo way) {
        return new Notice(kind, text, Optional.of(way));
    }

    /// Carries notices from an answer to the page after it, in a cookie that says nothing to others and is good for one user.
    static final class Carrier {
        private final Purpose seal;
        private final Site site;

        Carrier(Secrets secrets, Site site) {
            seal = secrets.purpose("console notice");
            this.site = site;
        }

        /// @param session whose next page shows it
        Response.Header header(Notice notice, String session, Instant now) {
            var sealed = seal.seal(Json.bytes(members(notice, session, now)));
            return sealed.length() <= COOKIE_MAX ? site.settingFor(PATH, COOKIE, sealed, AGE)
                : header(new Notice(notice.kind, Text.cut(notice.text, TEXT_MAX), Optional.empty()), session, now);
        }

        private static Map<String, Object> members(Notice notice, String session, Instant now) {
            var members = new LinkedHashMap<String, Object>();
            members.put("session", session);
            members.put("until", now.plus(AGE).getEpochSecond());
            members.put("kind", notice.kind.name());
            members.put("text", notice.text);
            notice.undo.ifPresent(undo -> {
                members.put("label", undo.label);
                members.put("template", undo.template);
                members.put("arguments", undo.arguments);
                members.put("fields", undo.fields);
            });
            return members;
        }

        /// The notice that a request brings along, if it is for this session and not too old.
        Optional<Notice> of(Request request, String session, Instant now) {
            return site.cookieFor(request, COOKIE).filter(sent -> sent.length() <= COOKIE_MAX).flatMap(seal::open)
                .map(Json::parse).filter(sent -> sent.get("session").asString().equals(session)
                    && sent.get("until").asLong() >= now.getEpochSecond())
                .map(Carrier::notice);
        }

        boolean isSent(Request request) {
            return site.cookieFor(request, COOKIE).isPresent();
        }

        Response.Header clearing() {
            return site.settingFor(PATH, COOKIE, "", Duration.ZERO);
        }

        private static Notice notice(JsonNode sent) {
            return new Notice(Kind.valueOf(sent.get("kind").asString()), sent.get("text").asString(),
                Optional.ofNullable(sent.get("label")).map(label -> {
                    var arguments = new ArrayList<String>();
                    sent.get("arguments").forEach(one -> arguments.add(one.asString()));
                    var fields = new LinkedHashMap<String, String>();
                    sent.get("fields").properties()
                        .forEach(one -> fields.put(one.getKey(), one.getValue().asString()));
                    return new Undo(label.asString(), sent.get("template").asString(), arguments, fields);
                }));
        }
    }
}
