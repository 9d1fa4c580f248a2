package roster.core.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// Packs a user into one array of bytes: a million users as records would take half a gigabyte.
///
/// The array begins with a fixed part: id, times in microseconds since 1970, flags, login methods. Then come four texts in
/// UTF-8, each after its length in two bytes: e-mail, name, title and, if it is not the e-mail, the handle. Organisation
/// and roles are not in the array.
public final class UserCodec {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int CREATED = 16;
    private static final int MODIFIED = 24;
    private static final int LAST_LOGIN = 32;
    private static final int FLAGS = 40;
    private static final int LOGIN_METHODS = 41;
    private static final int TEXT = 42;

    /// In the place of a time: before any.
    static final long NEVER = Long.MIN_VALUE;

    private static final LoginMethod[] METHODS = LoginMethod.values();

    private static final int VERIFIED = 1;
    private static final int DISABLED = 2;
    private static final int SERVICE_ACCOUNT = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_TITLE = 16;
    private static final int OWN_HANDLE = 32;
    private static final int LOGGED_IN = 64;
    private static final int SECOND_FACTOR = 128;

    private UserCodec() {}

    /// Packs a user.
    static byte[] of(User user) {
        var email = utf8(user.email());
        var name = utf8(user.name().orElse(""));
        var title = utf8(user.title().orElse(""));
        var ownHandle = !user.handle().equals(user.email());
        var handle = ownHandle ? utf8(user.handle()) : new byte[0];
        var packed = new byte[TEXT + 8 + email.length + name.length + title.length + handle.length];
        LONG.set(packed, 0, user.id().value().getMostSignificantBits());
        LONG.set(packed, 8, user.id().value().getLeastSignificantBits());
        LONG.set(packed, CREATED, micros(user.createdAt()));
        LONG.set(packed, MODIFIED, micros(user.modifiedAt()));
        LONG.set(packed, LAST_LOGIN, user.lastLoginAt().map(UserCodec::micros).orElse(0L));
        packed[FLAGS] = (byte) ((user.verified() ? VERIFIED : 0) | (user.disabled() ? DISABLED : 0)
            | (user.serviceAccount() ? SERVICE_ACCOUNT : 0) | (user.name().isPresent() ? HAS_NAME : 0)
            | (user.title().isPresent() ? HAS_TITLE : 0) | (ownHandle ? OWN_HANDLE : 0)
            | (user.lastLoginAt().isPresent() ? LOGGED_IN : 0) | (user.secondFactor() ? SECOND_FACTOR : 0));
        for (var method : user.loginMethods()) {
            packed[LOGIN_METHODS] |= (byte) (1 << method.ordinal());
        }
        var at = TEXT;
        for (var text : new byte[][] {email, name, title, handle}) {
            packed[at] = (byte) (text.length >>> 8);
            packed[at + 1] = (byte) text.length;
            System.arraycopy(text, 0, packed, at + 2, text.length);
            at += 2 + text.length;
        }
        return packed;
    }

    /// Unpacks a user.
    ///
    /// @param org which the array does not hold, as it is the same for all users of an index
    /// @param roles which it does not hold either, as many users share the same list
    static User user(byte[] packed, Org.Id org, List<Role.Id> roles) {
        var reader = new Texts(packed);
        var email = reader.next();
        var name = reader.next();
        var title = reader.next();
        var handle = reader.next();
        return new User(new User.Id(id(packed)), org, email, has(packed, OWN_HANDLE) ? handle : email,
            has(packed, HAS_NAME) ? Optional.of(name) : Optional.empty(),
            has(packed, HAS_TITLE) ? Optional.of(title) : Optional.empty(),
            has(packed, VERIFIED), has(packed, DISABLED), has(packed, SERVICE_ACCOUNT),
            instant(created(packed)), instant(modified(packed)),
            has(packed, LOGGED_IN) ? Optional.of(instant((long) LONG.get(packed, LAST_LOGIN))) : Optional.empty(),
            roles, loginMethods(packed), has(packed, SECOND_FACTOR));
    }

    private static Set<LoginMethod> loginMethods(byte[] packed) {
        if (packed[LOGIN_METHODS] == 0) {
            return Set.of();
        }
        var methods = EnumSet.noneOf(LoginMethod.class);
        for (var method : METHODS) {
            if ((packed[LOGIN_METHODS] & 1 << method.ordinal()) != 0) {
                methods.add(method);
            }
        }
        return methods;
    }

    private static final class Texts {
        private final byte[] packed;
        private int at = TEXT;

        private Texts(byte[] packed) {
            this.packed = packed;
        }

        private String next() {
            var length = length(packed, at);
            var text = new String(packed, at + 2, length, StandardCharsets.UTF_8);
            at += 2 + length;
            return text;
        }
    }

    public static UUID id(byte[] packed) {
        return new UUID((long) LONG.get(packed, 0), (long) LONG.get(packed, 8));
    }

    static int compareIds(byte[] packed, byte[] other) {
        return Arrays.compareUnsigned(packed, 0, 16, other, 0, 16);
    }

    static byte[] idBytes(UUID id) {
        var bytes = new byte[16];
        LONG.set(bytes, 0, id.getMostSignificantBits());
        LONG.set(bytes, 8, id.getLeastSignificantBits());
        return bytes;
    }

    /// Bytes that compare, unsigned, as the numbers do.
    static byte[] sortable(long number) {
        var bytes = new byte[Long.BYTES];
        LONG.set(bytes, 0, number ^ Long.MIN_VALUE);
        return bytes;
    }

    /// The inverse of [#sortable].
    static long sorted(byte[] sortable) {
        return (long) LONG.get(sortable, 0) ^ Long.MIN_VALUE;
    }

    /// The first eight bytes as a number that compares, unsigned, as they do. Shorter arrays are padded with zeros.
    static long beginning(byte[] bytes) {
        return (long) LONG.get(bytes.length >= Long.BYTES ? bytes : Arrays.copyOf(bytes, Long.BYTES), 0);
    }

    /// When the user was created, in microseconds since 1970.
    static long created(byte[] packed) {
        return (long) LONG.get(packed, CREATED);
    }

    /// When the user was last modified, in microseconds since 1970.
    static long modified(byte[] packed) {
        return (long) LONG.get(packed, MODIFIED);
    }

    /// When the user signed in last, in microseconds since 1970, or [#NEVER].
    static long lastLogin(byte[] packed) {
        return has(packed, LOGGED_IN) ? (long) LONG.get(packed, LAST_LOGIN) : NEVER;
    }

    static boolean isServiceAccount(byte[] packed) {
        return has(packed, SERVICE_ACCOUNT);
    }

    static String email(byte[] packed) {
        return text(packed, TEXT);
    }

    static Optional<String> name(byte[] packed) {
        return has(packed, HAS_NAME) ? Optional.of(text(packed, after(packed, TEXT))) : Optional.empty();
    }

    private static String text(byte[] packed, int at) {
        return new String(packed, at + 2, length(packed, at), StandardCharsets.UTF_8);
    }

    /// @return an empty text if the user has no title
    static String title(byte[] packed) {
        return text(packed, after(packed, after(packed, TEXT)));
    }

    static byte[] handle(byte[] packed) {
        var at = handleAt(packed);
        return Arrays.copyOfRange(packed, at + 2, at + 2 + length(packed, at));
    }

    static int compareHandles(byte[] packed, byte[] other) {
        var at = handleAt(packed);
        var otherAt = handleAt(other);
        return Arrays.compareUnsigned(packed, at + 2, at + 2 + length(packed, at), other, otherAt + 2,
            otherAt + 2 + length(other, otherAt));
    }

    private static int handleAt(byte[] packed) {
        return has(packed, OWN_HANDLE) ? after(packed, after(packed, after(packed, TEXT))) : TEXT;
    }

    private static int after(byte[] packed, int at) {
        return at + 2 + length(packed, at);
    }

    private static int length(byte[] packed, int at) {
        return (packed[at] & 0xFF) << 8 | packed[at + 1] & 0xFF;
    }

    private static boolean has(byte[] packed, int flag) {
        return (packed[FLAGS] & flag) != 0;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
