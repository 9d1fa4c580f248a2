package roster.base.net;

import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/// What links begin with: the operator's setting, else the address this node listens on; never what a request says of
/// itself.
public final class PublicUrl implements Supplier<URI> {
    private final Optional<URI> setting;
    private volatile Optional<URI> listening = Optional.empty();

    public PublicUrl(Optional<URI> setting) {
        this.setting = setting;
    }

    /// Whether the operator has set it.
    public boolean isSet() {
        return setting.isPresent();
    }

    /// Notes where the node listens.
    public void listensOn(URI address) {
        listening = Optional.of(address);
    }

    /// @throws IllegalStateException if it is not set and nothing listens yet
    @Override
    public URI get() {
        return setting.or(() -> listening).orElseThrow(() -> new IllegalStateException("nothing listens yet"));
    }
}
