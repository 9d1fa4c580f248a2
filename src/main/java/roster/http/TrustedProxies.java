package roster.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The proxies whose `X-Forwarded-For` is believed. From anybody else the header says nothing.
public record TrustedProxies(List<Network> networks) {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /// Reads addresses and networks in CIDR form, of IPv4 or IPv6, separated by commas: `10.0.0.0/8, ::1`.
    ///
    /// @throws IllegalArgumentException naming the part that is neither
    public static TrustedProxies parse(String list) {
        var networks = new ArrayList<Network>();
        for (var part : list.split(",", -1)) {
            if (!part.isBlank()) {
                networks.add(Network.parse(part.strip()));
            } else if (!list.isBlank()) {
                throw new IllegalArgumentException("An empty entry in the list of trusted proxies: " + list);
            }
        }
        return networks.isEmpty() ? NONE : new TrustedProxies(networks);
    }

    /// Whom a request comes from: the peer, unless it is a trusted proxy. Then the hops it names are walked from the
    /// last to the first while they are trusted proxies too, and the first that is not is the client. What stands
    /// further left was written by the client and may be made up. A hop that is no address ends the walk at the last
    /// one believed.
    ///
    /// @param forwardedFor every `X-Forwarded-For` header, in the order received
    InetAddress client(InetAddress peer, List<String> forwardedFor) {
        var client = peer;
        var hops = String.join(",", forwardedFor).split(",", -1);
        for (var i = hops.length - 1; i >= 0 && trusts(client); i--) {
            var hop = address(hops[i].strip());
            if (hop == null) {
                break;
            }
            client = hop;
        }
        return client;
    }

    boolean trusts(InetAddress address) {
        for (var network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// A hop as proxies write them: an address, `[IPv6]`, or either with a port.
    private static InetAddress address(String hop) {
        try {
            if (hop.startsWith("[")) {
                return literal(hop.substring(1, hop.indexOf(']')));
            }
            var colon = hop.indexOf(':');
            return literal(colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // "unknown", or nonsense
        }
    }

    /// Never asks a name server, as [InetAddress#getByName] might. An IPv4 address inside IPv6 comes out as IPv4.
    private static InetAddress literal(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3 || text.indexOf('%') >= 0) {
            throw new IllegalArgumentException("Not an address: " + text); // ofLiteral takes "1" for 0.0.0.1
        }
        return InetAddress.ofLiteral(text);
    }

    /// @param bits how many leading bits of the address an address shares to belong to it
    public record Network(InetAddress address, int bits) {
        static Network parse(String text) {
            var slash = text.indexOf('/');
            try {
                var address = literal(slash < 0 ? text : text.substring(0, slash));
                var all = address.getAddress().length * 8;
                var bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
                if (bits < 0 || bits > all) {
                    throw new IllegalArgumentException("%d bits of %d".formatted(bits, all));
                }
                return new Network(address, bits);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                    "Not an address or a network such as 10.0.0.0/8 or 2001:db8::/32: '%s'".formatted(text), e);
            }
        }

        boolean contains(InetAddress other) {
            var mine = address.getAddress();
            var theirs = other.getAddress();
            if (mine.length != theirs.length || !Arrays.equals(mine, 0, bits / 8, theirs, 0, bits / 8)) {
                return false;
            }
            var rest = bits % 8;
            return rest == 0 || ((mine[bits / 8] ^ theirs[bits / 8]) & 0xff) >> 8 - rest == 0;
        }
    }
}
