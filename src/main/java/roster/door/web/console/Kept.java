package roster.door.web.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.base.html.Csrf;
import roster.base.html.Upload;
import roster.base.http.Request;
import roster.base.json.Json;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.model.Refused;
import roster.model.User;

/// Forms that came when the session was over, or a factor had to be shown again: they are sealed into the page that says so, and
/// come back, filled, to the same user. A file that was chosen is not kept. Whose form it is, it says itself: beside its token it holds its user, sealed.
final class Kept {
    /// For how long, from the moment a form came.
    private static final Duration TIME = Duration.ofMinutes(15);

    /// The longest form that is kept, in bytes.
    static final int BYTES_MAX = 64 << 10;

    private static final String SEPARATOR = ".";

    private final Purpose owners;
    private final Purpose forms;

    /// @param path to which it was sent
    /// @param fields in the order sent, without the token and secrets
    record Sent(String path, List<Pair> fields) {}

    record Pair(String name, String value) {}

    Kept(Secrets secrets) {
        owners = secrets.purpose("console form owner");
        forms = secrets.purpose("console form");
    }

    /// What a form holds: the token, and whose it is.
    String signed(String csrf, User.Id user) {
        return csrf + SEPARATOR + owners.seal(user.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /// The token alone.
    static String token(String sent) {
        var end = sent.indexOf(SEPARATOR);
        return end < 0 ? sent : sent.substring(0, end);
    }

    /// Seals the form of a request; none if it holds no user, or is too long.
    Optional<String> keep(Request request, Instant now) {
        try {
            if (!request.hasBody() || request.body().length > BYTES_MAX) {
                return Optional.empty();
            }
            var form = new Upload(request);
            return owner(form.text(Csrf.FIELD)).map(user -> sealed(request.rawPath(), form, user, now));
        } catch (Refused e) { // no form at all: there is nothing to keep
            return Optional.empty();
        }
    }

    private Optional<UUID> owner(String sent) {
        var end = sent.indexOf(SEPARATOR);
        return end < 0 ? Optional.empty() : owners.open(sent.substring(end + 1))
            .map(user -> UUID.fromString(new String(user, StandardCharsets.US_ASCII)));
    }

    private String sealed(String path, Upload form, UUID user, Instant now) {
        var pairs = new ArrayList<List<String>>();
        for (var name : form.names()) {
            if (!name.equals(Csrf.FIELD) && !name.equals(ProviderFields.SECRET)) {
                form.texts(name).forEach(value -> pairs.add(List.of(name, value)));
            }
        }
        return forms.seal(Json.bytes(Json.members("user", user.toString(), "until", now.plus(TIME).getEpochSecond(),
            "path", path, "fields", pairs)));
    }

    /// A form that was kept for a user; none if it is not theirs, or it is too late.
    Optional<Sent> open(String sealed, User.Id user, Instant now) {
        return forms.open(sealed).map(Json::parse).filter(kept -> kept.get("user").asString().equals(user.toString())
            && kept.get("until").asLong() >= now.getEpochSecond()).map(kept -> {
                var fields = new ArrayList<Pair>();
                kept.get("fields")
                    .forEach(pair -> fields.add(new Pair(pair.get(0).asString(), pair.get(1).asString())));
                return new Sent(kept.get("path").asString(), fields);
            });
    }
}
