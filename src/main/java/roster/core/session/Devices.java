package roster.core.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.source.Randomness;
import roster.model.Org;

/// The cookie of a browser in which users have signed in before. It opens nothing: it only chooses by what the browser's
/// failed tries are counted.
///
/// An address is known for one organisation, as administrators of another may give it to users of theirs.
public final class Devices {
    public static final String COOKIE = "roster_device";
    public static final Duration AGE = Duration.ofDays(180);

    /// Addresses of one browser.
    private static final int MAX = 5;

    private static final int NONCE_BYTES = 16;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]{43}) ([0-9a-f]{32})");

    private final Purpose cookies;
    private final Purpose addresses;
    private final Randomness randomness;

    Devices(Secrets secrets, Randomness randomness) {
        this.cookies = secrets.purpose("device cookies");
        this.addresses = secrets.purpose("device addresses");
        this.randomness = randomness;
    }

    /// @param address its keyed hash, with that of the organisation
    private record Known(String address, String nonce) {}

    private List<Known> known(Optional<String> cookie) {
        var all = new ArrayList<Known>();
        cookie.flatMap(cookies::open).ifPresent(bytes -> new String(bytes, StandardCharsets.US_ASCII).lines()
            .map(LINE::matcher).filter(matcher -> matcher.matches())
            .forEach(matcher -> all.add(new Known(matcher.group(1), matcher.group(2)))));
        return all;
    }

    /// By what a browser's tries at an address of an organisation are counted.
    ///
    /// @param cookie as it was sent
    /// @return none if no user has signed in by this address there
    public Optional<String> nonce(Optional<String> cookie, Org.Id org, String address) {
        return known(cookie).stream().filter(one -> addresses.isHash(one.address(), named(org, address)))
            .map(Known::nonce).findFirst();
    }

    private static String named(Org.Id org, String address) {
        return org + " " + address;
    }

    /// The cookie after a user of an organisation signed in by an address.
    public String with(Optional<String> cookie, Org.Id org, String address) {
        var name = named(org, address);
        var all = known(cookie);
        var own = all.stream().filter(one -> addresses.isHash(one.address(), name)).findFirst()
            .orElseGet(() -> new Known(addresses.hashText(name), randomness.hex(NONCE_BYTES)));
        all.remove(own);
        all.addFirst(own);
        var text = new StringBuilder();
        all.stream().limit(MAX).forEach(one -> text.append(one.address()).append(' ').append(one.nonce()).append('\n'));
        return cookies.seal(text.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
