package roster.base.net;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which servers [Outward] may connect to: by https those with public addresses and those in networks that the operator has
/// named; on a local trial also servers on this machine, by http too.
///
/// @param named networks of the operator
/// @param local whether this is a local trial, without a public URL
public record OutwardAddresses(List<Network> named, boolean local) {
    /// Names that lead to this machine whatever a name server says.
    private static final Pattern THIS_MACHINE = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]|::1");

    /// What the registries of special addresses of IANA have as not reachable from everywhere.
    private static final List<Network> IPV4_SPECIAL = networks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
        "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    /// Of IPv6 only this much is given out as public, and not all of it: some of it leads to IPv4 addresses.
    private static final Network IPV6_PUBLIC = Network.parse("2000::/3");
    private static final List<Network> IPV6_SPECIAL =
        networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    public OutwardAddresses {
        named = List.copyOf(named);
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::parse).toList();
    }

    /// What is wrong with an address before any name is looked up, if anything.
    public Optional<String> fault(URI url) {
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return Optional.of("not the address of a server");
        }
        return switch (scheme) {
            case "https" -> Optional.empty();
            case "http" -> local && THIS_MACHINE.matcher(url.getHost()).matches() ? Optional.empty()
                : Optional.of("https is required");
            default -> Optional.of("https is required");
        };
    }

    /// Those of the addresses of a name that may be connected to.
    ///
    /// @throws UnknownHostException if there are none
    InetAddress[] admitted(String host, InetAddress... found) throws UnknownHostException {
        var admitted = Arrays.stream(found).filter(address -> admits(host, address)).toArray(InetAddress[]::new);
        if (admitted.length == 0) {
            throw new UnknownHostException(
                "its address is neither public nor in a network that ROSTER_OIDC_NETWORKS names");
        }
        return admitted;
    }

    private boolean admits(String host, InetAddress address) {
        return isPublic(address) || named.stream().anyMatch(network -> network.contains(address))
            || local && address.isLoopbackAddress() && THIS_MACHINE.matcher(host).matches();
    }

    private static boolean isPublic(InetAddress address) {
        return address.getAddress().length == 4 ? isNone(IPV4_SPECIAL, address)
            : IPV6_PUBLIC.contains(address) && isNone(IPV6_SPECIAL, address);
    }

    private static boolean isNone(List<Network> networks, InetAddress address) {
        return networks.stream().noneMatch(network -> network.contains(address));
    }
}
