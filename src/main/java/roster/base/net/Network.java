package roster.base.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// A network in CIDR form, as `10.0.0.0/8` or `2001:db8::/32`; a single address has all of its bits.
///
/// @param bits how many leading bits of the address an address shares to belong to it; those that follow are zero
public record Network(InetAddress address, int bits) {
    private static final int MAPPED_BITS = 96;

    /// A number with a zero before it: some readers take it for octal, so that it names two addresses.
    private static final Pattern AMBIGUOUS = Pattern.compile("(^|[.:])0[0-9]+(?=\\.)|\\.0[0-9]+$");

    public Network {
        var bytes = address.getAddress();
        if (bits < 0 || bits > bytes.length * 8) {
            throw new IllegalArgumentException("%d bits of %d".formatted(bits, bytes.length * 8));
        }
        for (var bit = bits; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        address = address(bytes);
    }

    /// An IPv4 network inside IPv6, as `::ffff:10.0.0.0/104`, is read as that of IPv4.
    ///
    /// @throws IllegalArgumentException for anything but an address or a network
    public static Network parse(String text) {
        var slash = text.indexOf('/');
        try {
            var literal = slash < 0 ? text : text.substring(0, slash);
            var address = literal(literal);
            var all = address.getAddress().length * 8;
            if (slash < 0) {
                return new Network(address, all);
            }
            var digits = text.substring(slash + 1);
            if (!digits.matches("0|[1-9][0-9]{0,2}")) {
                throw new IllegalArgumentException("no number of bits: " + digits);
            }
            var mapped = all == 32 && literal.indexOf(':') >= 0;
            return new Network(address, Integer.parseInt(digits) - (mapped ? MAPPED_BITS : 0));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                "Not an address or a network such as 10.0.0.0/8 or 2001:db8::/32: '%s'".formatted(text), e);
        }
    }

    /// What is wrong with a text that is no address and no network: `300 is above 255`.
    ///
    /// @return none if it is one
    public static Optional<String> fault(String text) {
        try {
            parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            var slash = text.indexOf('/');
            var literal = slash < 0 ? text : text.substring(0, slash);
            return Optional.of(literalFault(literal).orElseGet(() -> bitsFault(literal, text.substring(slash + 1))));
        }
    }

    private static Optional<String> literalFault(String text) {
        try {
            literal(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            if (!text.matches("[0-9.]+")) {
                return Optional.of(text.indexOf(':') < 0 ? "it is no address" : "it is no IPv6 address");
            }
            var parts = text.split("\\.", -1);
            return Optional.of(Arrays.stream(parts).filter(part -> part.length() > 3 || part.matches("[3-9][0-9]{2}")
                || part.matches("2(5[6-9]|[6-9][0-9])")).findFirst().map("%s is above 255"::formatted)
                .or(() -> Arrays.stream(parts).filter(part -> part.matches("0[0-9]+")).findFirst()
                    .map("%s begins with a zero"::formatted))
                .orElse("an address has four numbers"));
        }
    }

    private static String bitsFault(String literal, String bits) {
        var mapped = literal.indexOf(':') >= 0 && literal(literal).getAddress().length == 4;
        var least = mapped ? MAPPED_BITS : 0;
        var most = least + literal(literal).getAddress().length * 8;
        if (!bits.matches("[0-9]+")) {
            return "a number from %d to %d stands after the /".formatted(least, most);
        }
        return bits.length() > 1 && bits.startsWith("0") ? bits + " begins with a zero"
            : bits.length() < 3 && Integer.parseInt(bits) < least ? "%s is below %d".formatted(bits, least)
            : "%s is above %d".formatted(bits, most);
    }

    /// Never asks a name server, as [InetAddress#getByName] might. An IPv4 address inside IPv6 comes out as IPv4.
    ///
    /// @throws IllegalArgumentException for anything but an address
    public static InetAddress literal(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3 || text.indexOf('%') >= 0
            || text.startsWith("[") || AMBIGUOUS.matcher(text).find()) {
            throw new IllegalArgumentException("Not an address: " + text); // ofLiteral takes "1" for 0.0.0.1
        }
        return InetAddress.ofLiteral(text);
    }

    /// An address as [#text] writes it, and earlier versions of Roster did; the zone of a local one is left out.
    public static InetAddress host(String text) {
        var zone = text.indexOf('%');
        return literal(zone < 0 ? text : text.substring(0, zone));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public boolean contains(InetAddress other) {
        var mine = address.getAddress();
        var theirs = other.getAddress();
        if (mine.length != theirs.length || !Arrays.equals(mine, 0, bits / 8, theirs, 0, bits / 8)) {
            return false;
        }
        var rest = bits % 8;
        return rest == 0 || ((mine[bits / 8] ^ theirs[bits / 8]) & 0xff) >> 8 - rest == 0;
    }

    /// Always the same text for the same network: RFC 5952, and the number of bits.
    @Override
    public String toString() {
        return text(address) + "/" + bits;
    }

    /// Always the same text for the same address: RFC 5952, without a zone.
    public static String text(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : shortened(bytes);
    }

    /// The first of the longest runs of two zeros or more is left out.
    private static String shortened(byte[] bytes) {
        var groups = new ArrayList<String>();
        for (var i = 0; i < bytes.length; i += 2) {
            groups.add(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
        }
        var start = -1;
        var longest = 1;
        for (var i = 0; i < groups.size(); i++) {
            var end = i;
            while (end < groups.size() && groups.get(end).equals("0")) {
                end++;
            }
            if (end - i > longest) {
                start = i;
                longest = end - i;
            }
        }
        return start < 0 ? String.join(":", groups)
            : String.join(":", groups.subList(0, start)) + "::"
                + String.join(":", groups.subList(start + longest, groups.size()));
    }
}
