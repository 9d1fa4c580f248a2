package roster.base.net;

import java.net.URI;
import java.util.Optional;

/// Where Roster is for those who call it from outside, and every link that leads there. It is the operator's setting, never
/// what a request says of itself.
///
/// Paths begin with a slash, and may have a query. A path in the setting stays in front of them; slashes at its end do not
/// count.
public final class PublicUrl {
    private final Optional<String> setting;
    private volatile Optional<String> listening = Optional.empty();

    public PublicUrl(Optional<URI> setting) {
        this.setting = setting.map(PublicUrl::base);
    }

    private static String base(URI url) {
        return url.toString().replaceFirst("/+$", "");
    }

    /// Whether the operator has set it.
    public boolean isSet() {
        return setting.isPresent();
    }

    /// Notes where the node listens.
    public void listensOn(URI address) {
        listening = Optional.of(base(address));
    }

    /// A link to be followed from anywhere, as from an e-mail. Without the setting it leads to this node.
    ///
    /// @throws IllegalStateException if it is not set and nothing listens yet
    public String link(String path) {
        return known() + path;
    }

    /// A link for an answer. Without the setting it has no host: the client knows under which one it found Roster, and all
    /// nodes give the same.
    public String reference(String path) {
        return setting.orElse("") + path;
    }

    /// A link for a page of ours, which stays on the host that the page came from.
    public String path(String path) {
        return setting.map(url -> URI.create(url).getRawPath()).orElse("") + path;
    }

    /// The host, as a URL has it.
    ///
    /// @throws IllegalStateException as [#link] does
    public String host() {
        return URI.create(known()).getHost();
    }

    /// The host, and the port if it has one.
    ///
    /// @throws IllegalStateException as [#link] does
    public String authority() {
        return URI.create(known()).getRawAuthority();
    }

    private String known() {
        return setting.or(() -> listening).orElseThrow(() -> new IllegalStateException("nothing listens yet"));
    }
}
