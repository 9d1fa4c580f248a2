import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Users who sign in by passkeys, each from a browser of their own that has signed in before. All devices have one key.
final class PasskeyUsers {
    private static final Pattern OPTIONS = Pattern.compile("challenge&#34;:&#34;([A-Za-z0-9_-]+)|"
        + "challenge&quot;:&quot;([A-Za-z0-9_-]+)|\"challenge\":\"([A-Za-z0-9_-]+)");
    private static final Pattern SEALED = Pattern.compile("name=\"challenge\" value=\"([^\"]+)\"");
    private static final String PAGE = "/sign-in?all=true";
    private static final String PATH = "/sign-in/passkey";
    private static final int AT_ONCE = 8;
    private static final HexFormat HEX = HexFormat.of();

    private final String address;
    private final KeyPair key = key();
    private final List<User> users;

    private record User(UUID id, Browser browser) {}

    /// @param sql the database of the server
    PasskeyUsers(RosterServer roster, Sql sql, RosterServer.Org org, int number) {
        this.address = roster.address().replace("127.0.0.1", "localhost"); // passkeys are for names
        var ids = sql.run("""
            SELECT id FROM users WHERE org_id = '%s' AND NOT disabled AND NOT service_account
               AND email <> '%s' ORDER BY id LIMIT %d
            """.formatted(org.id(), RosterServer.FOUNDER, number)).stream().map(UUID::fromString).toList();
        if (ids.size() < number) {
            throw new Started.Failed("only %d of %d users are there".formatted(ids.size(), number));
        }
        sql.run("""
            INSERT INTO passkeys (org_id, id, user_id, user_handle, credential_id, public_key, aaguid, transports, name,
                                  backed_up, created_at, sign_count, version)
            SELECT org_id, id, id, sha256(uuid_send(id)), uuid_send(id),
                   '\\x%s'::bytea || uuid_send(id) || '\\x%s'::bytea, '%s', '{internal}', 'Bench', true, now(), 0, 1
              FROM users WHERE org_id = '%s' AND id = ANY ('{%s}'::uuid[])
            """.formatted("0".repeat(32) + "0010", HEX.formatHex(cose()), new UUID(0, 0), org.id(),
            String.join(",", ids.stream().map(UUID::toString).toList())), """
            INSERT INTO passkey_pointers (digest, org_id, id)
            SELECT sha256(credential_id), org_id, id FROM passkeys WHERE org_id = '%s'
            """.formatted(org.id()),
            "UPDATE users u SET verified = true, second_factor = true FROM passkeys k WHERE k.org_id = u.org_id AND k.user_id = u.id",
            "ANALYZE passkeys", "ANALYZE passkey_pointers");
        users = IntStream.range(0, number).mapToObj(i -> new User(ids.get(i),
            new Browser(address, "10.%d.%d.1".formatted(i / 250, i % 250)))).toList();
        atOnce(users.stream().<Runnable>map(user -> () -> {
            user.browser().mustLeadOn(user.browser().post(PATH, fields(user)));
            user.browser().forget("roster_session");
        }).toList());
    }

    /// A sign-in for each of them, whose page was fetched and whose challenge was signed beforehand. They are good for five
    /// minutes.
    List<Runnable> signIns() {
        return users.stream().<Runnable>map(user -> {
            var fields = fields(user);
            return () -> {
                user.browser().mustLeadOn(user.browser().post(PATH, fields));
                user.browser().forget("roster_session");
            };
        }).toList();
    }

    /// Forms that sign in, for `forms.lua`. They are good for five minutes.
    List<String> forms(int number) {
        return inParts(number, users, user -> {
            var fields = fields(user);
            return String.join("\t", "POST", PATH, user.browser().visitorCookies(), user.browser().client(),
                Browser.encoded(fields));
        });
    }

    static <T> List<T> numbered(List<String> all, BiFunction<String, Integer, T> made) {
        return IntStream.range(0, all.size()).mapToObj(i -> made.apply(all.get(i), i)).toList();
    }

    /// Lines for users in turn, in several threads, but never one user in two.
    static <T> List<String> inParts(int number, List<T> users, Function<T, String> line) {
        var lines = new String[number];
        var most = users.size() / AT_ONCE * AT_ONCE;
        atOnce(IntStream.range(0, AT_ONCE).<Runnable>mapToObj(part -> () -> {
            for (int i = part; i < number; i += AT_ONCE) {
                lines[i] = line.apply(users.get(i % most));
            }
        }).toList());
        return List.of(lines);
    }

    static void atOnce(List<Runnable> work) {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            await(work.stream().<Future<?>>map(threads::submit).toList());
        }
    }

    /// Waits for all, and fails if one has failed.
    static void await(List<Future<?>> all) {
        try {
            for (var one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        } catch (ExecutionException e) {
            throw new Started.Failed(e.getCause().toString());
        }
    }

    private Map<String, String> fields(User user) {
        var page = user.browser().get(PAGE);
        var found = OPTIONS.matcher(page.body());
        if (!found.find()) {
            throw new Started.Failed("no passkey is asked for: " + Started.tail(page.body()));
        }
        var challenge = IntStream.rangeClosed(1, 3).mapToObj(found::group).filter(one -> one != null).findFirst()
            .orElseThrow();
        var client = """
            {"type":"webauthn.get","challenge":"%s","origin":"%s","crossOrigin":false}""".formatted(challenge, address)
            .getBytes(StandardCharsets.UTF_8);
        var data = ByteBuffer.allocate(37).put(sha256("localhost".getBytes(StandardCharsets.UTF_8))).put((byte) 5)
            .putInt(0).array();
        var credential = bytes(user.id());
        var answer = """
            {"id":"%1$s","rawId":"%1$s","type":"public-key","response":{"clientDataJSON":"%2$s","authenticatorData":"%3$s",\
            "signature":"%4$s","userHandle":"%5$s"},"clientExtensionResults":{},"authenticatorAttachment":"platform"}"""
            .formatted(text(credential), text(client), text(data), text(signed(data, client)),
                text(sha256(credential)));
        var fields = new LinkedHashMap<String, String>();
        fields.put("csrf", Browser.csrf(page));
        fields.put("then", "");
        fields.put("by", "passkey");
        fields.put("challenge", RosterServer.first(SEALED, page.body()));
        fields.put("answer", answer);
        return fields;
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits())
            .array();
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static KeyPair key() {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec("secp256r1"));
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] signed(byte[] data, byte[] client) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(data);
            signature.update(sha256(client));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The public key, as devices give it.
    private byte[] cose() {
        var point = ((ECPublicKey) key.getPublic()).getW();
        return ByteBuffer.allocate(77).put(HEX.parseHex("a5010203262001215820"))
            .put(padded(point.getAffineX().toByteArray())).put(HEX.parseHex("225820"))
            .put(padded(point.getAffineY().toByteArray())).array();
    }

    static byte[] padded(byte[] number) {
        var all = new byte[32];
        var from = Math.max(0, number.length - 32);
        System.arraycopy(number, from, all, 32 - (number.length - from), number.length - from);
        return all;
    }
}
