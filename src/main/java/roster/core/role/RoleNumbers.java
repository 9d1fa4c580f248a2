package roster.core.role;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.Role;

/// Many roles in few characters, for addresses and cookies: most take a byte or two. All roles of an organisation are numbered in the
/// order of their ids, in which newer ones come last. A text tells which numbers are meant, and is good until a role that is older
/// than one of them is deleted: it holds a sum of the ids, and is not read if the numbers stand for others by now.
public final class RoleNumbers {
    /// Begins each text, and no id.
    private static final char MARK = '.';

    private static final int SUM_BYTES = Integer.BYTES;

    /// Bits of a number in each of its bytes; the eighth says that more follow.
    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private RoleNumbers() {}

    public static boolean isText(String text) {
        return text.length() > 1 && text.charAt(0) == MARK;
    }

    /// @param roles of the organisation; others are left out
    /// @return of the letters of base64url, after a dot
    public static String text(Tx tx, Org.Id org, Collection<Role.Id> roles) {
        var wanted = Set.copyOf(roles);
        var all = all(tx, org);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(SUM_BYTES).putInt(sum(all.stream().filter(wanted::contains).toList()))
            .array());
        var last = -1;
        for (var number = 0; number < all.size(); number++) {
            if (wanted.contains(all.get(number))) {
                write(bytes, number - last - 1);
                last = number;
            }
        }
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void write(ByteArrayOutputStream bytes, int number) {
        var left = number;
        while (left >= MORE) {
            bytes.write(left % MORE + MORE);
            left /= MORE;
        }
        bytes.write(left);
    }

    /// The roles that a text tells of, in the order of their ids; none if it is damaged, or they are not the same any more.
    public static Optional<Set<Role.Id>> read(Tx tx, Org.Id org, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return bytes.length < SUM_BYTES ? Optional.empty() : read(ByteBuffer.wrap(bytes), all(tx, org));
    }

    private static Optional<Set<Role.Id>> read(ByteBuffer bytes, List<Role.Id> all) {
        var sum = bytes.getInt();
        var roles = new LinkedHashSet<Role.Id>();
        var last = -1L;
        while (bytes.hasRemaining()) {
            var gap = 0L;
            var shift = 0;
            byte one;
            do {
                if (!bytes.hasRemaining() || shift >= Integer.SIZE) {
                    return Optional.empty();
                }
                one = bytes.get();
                gap |= (long) (one & MORE - 1) << shift;
                shift += BITS;
            } while (one < 0);
            last += gap + 1;
            if (last >= all.size()) {
                return Optional.empty();
            }
            roles.add(all.get((int) last));
        }
        return sum(roles) == sum ? Optional.of(roles) : Optional.empty();
    }

    private static List<Role.Id> all(Tx tx, Org.Id org) {
        return tx.query("SELECT id FROM roles WHERE org_id = ? ORDER BY id", org)
            .list(row -> new Role.Id(row.uuid("id")));
    }

    private static int sum(Collection<Role.Id> roles) {
        var sum = new CRC32C();
        var id = ByteBuffer.allocate(2 * Long.BYTES);
        for (var role : roles) {
            id.clear().putLong(role.value().getMostSignificantBits()).putLong(role.value().getLeastSignificantBits());
            sum.update(id.flip());
        }
        return (int) sum.getValue();
    }
}
