package roster.base.net;

import java.net.InetAddress;
import java.util.ArrayList;
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
    public InetAddress client(InetAddress peer, List<String> forwardedFor) {
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

    public boolean trusts(InetAddress address) {
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
                return Network.literal(hop.substring(1, hop.indexOf(']')));
            }
            var colon = hop.indexOf(':');
            return Network.literal(colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null; // "unknown", or nonsense
        }
    }
}
