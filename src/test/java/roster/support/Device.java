package roster.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import roster.base.json.Json;
import roster.core.factor.Ceremonies;
import roster.core.factor.Passkey;
import tools.jackson.databind.JsonNode;

/// A device that makes passkeys and signs by them (WebAuthn level 3), written by itself. What it says can be falsified: each
/// field is what an honest device and browser would say until it is set.
public final class Device {
    private static final Pattern OPTIONS = Pattern.compile("data-passkey=\"([^\"]*)\"");
    private static final Pattern SEALED = Pattern.compile("name=\"challenge\" value=\"([^\"]*)\"");
    private static final int UP = 1;
    private static final int UV = 4;
    private static final int AT = 64;

    private final KeyPair key;
    private final byte[] credential = random(32);
    private byte[] handle;

    public String origin;
    public String rp = "localhost";
    public String challenge;
    public String type;
    public boolean verifies = true;
    public boolean present = true;
    public boolean crossOrigin;
    public int algorithm = -7;
    public long count;

    public Device(String origin) {
        this.origin = origin;
        this.key = newKey();
    }

    /// A copy, as thieves make them: with the same key, and its own count.
    public Device(Device other) {
        this.origin = other.origin;
        this.key = other.key;
        System.arraycopy(other.credential, 0, credential, 0, credential.length);
        this.handle = other.handle;
        this.count = other.count;
    }

    private static KeyPair newKey() {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec("secp256r1"));
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// What a page asks for.
    public static JsonNode options(Answer page) {
        var found = OPTIONS.matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no passkey is asked for on " + page);
        }
        return Json.parse(found.group(1).replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'")
            .replace("&lt;", "<").replace("&amp;", "&").getBytes(StandardCharsets.UTF_8));
    }

    private static String sealed(Answer page) {
        var found = SEALED.matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no challenge on " + page);
        }
        return found.group(1);
    }

    /// The form of a page on which a passkey is made.
    public Map<String, String> make(Answer page) {
        var options = options(page);
        handle = Base64.getUrlDecoder().decode(options.at("/user/id").asString());
        var data = new ByteArrayOutputStream();
        data.writeBytes(head(AT));
        data.writeBytes(attested());
        var object = new ByteArrayOutputStream();
        object.write(0xa3);
        object.writeBytes(text("fmt"));
        object.writeBytes(text("none"));
        object.writeBytes(text("attStmt"));
        object.write(0xa0);
        object.writeBytes(text("authData"));
        object.writeBytes(bytes(data.toByteArray()));
        return form(page, Map.of("clientDataJSON", text64(client(options, "webauthn.create")), "attestationObject",
            text64(object.toByteArray()), "transports", List.of("internal")));
    }

    /// The form of a page on which a passkey is shown.
    public Map<String, String> show(Answer page) {
        var options = options(page);
        count++;
        var client = client(options, "webauthn.get");
        var data = head(0);
        var response = new LinkedHashMap<String, Object>(Map.of("clientDataJSON", text64(client), "authenticatorData",
            text64(data), "signature", text64(signed(data, client))));
        if (handle != null) {
            response.put("userHandle", text64(handle));
        }
        return form(page, response);
    }

    /// Says that it is of another user.
    public Device of(Device other) {
        handle = other.handle;
        return this;
    }

    private Map<String, String> form(Answer page, Map<String, Object> response) {
        var answer = Map.of("id", text64(credential), "rawId", text64(credential), "type", "public-key", "response",
            response, "clientExtensionResults", Map.of(), "authenticatorAttachment", "platform");
        var form = new HashMap<String, String>();
        form.put("by", "passkey");
        form.put("challenge", sealed(page));
        form.put("answer", new String(Json.bytes(answer), StandardCharsets.UTF_8));
        return form;
    }

    private byte[] client(JsonNode options, String usual) {
        return Json.bytes(new LinkedHashMap<>(Map.of("type", type == null ? usual : type, "challenge",
            challenge == null ? options.at("/challenge").asString() : challenge, "origin", origin, "crossOrigin",
            crossOrigin)));
    }

    private byte[] head(int flags) {
        return ByteBuffer.allocate(37).put(sha256(rp.getBytes(StandardCharsets.UTF_8)))
            .put((byte) (flags | (present ? UP : 0) | (verifies ? UV : 0))).putInt((int) count).array();
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

    private byte[] coseKey() {
        var point = ((ECPublicKey) key.getPublic()).getW();
        var out = new ByteArrayOutputStream();
        out.write(0xa5);
        out.writeBytes(new byte[] {1, 2, 3});
        if (algorithm >= -24) {
            out.write(0x20 + (-1 - algorithm));
        } else {
            out.write(0x38);
            out.write(-1 - algorithm);
        }
        out.writeBytes(new byte[] {0x20, 1, 0x21});
        out.writeBytes(bytes(padded(point.getAffineX().toByteArray())));
        out.write(0x22);
        out.writeBytes(bytes(padded(point.getAffineY().toByteArray())));
        return out.toByteArray();
    }

    private static byte[] padded(byte[] number) {
        var all = new byte[32];
        var from = Math.max(0, number.length - 32);
        System.arraycopy(number, from, all, 32 - (number.length - from), number.length - from);
        return all;
    }

    private static byte[] text(String text) {
        var out = new ByteArrayOutputStream();
        out.write(0x60 + text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] bytes(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        if (bytes.length < 256) {
            out.writeBytes(new byte[] {0x58, (byte) bytes.length});
        } else {
            out.writeBytes(new byte[] {0x59, (byte) (bytes.length >> 8), (byte) bytes.length});
        }
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    private static String text64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A user gets a passkey, as if they had made it at `localhost`.
    public static Device of(BrowserUser browser, String origin) {
        var device = new Device(origin);
        var made = browser.submitAsIs("/me/security/passkeys/new", device::make);
        if (made.status() != 303) {
            throw new AssertionError("no passkey was made: " + made);
        }
        return device;
    }

    /// A user gets a passkey, without a page.
    public static Device of(TestUser user) {
        var roster = user.org().roster();
        var factor = roster.program().factor;
        var device = new Device("http://localhost");
        device.handle = random(32);
        user.org().write(tx -> factor.factors.add(tx,
            roster.program().user.users.find(tx, tx.org(), user.user().id()).orElseThrow(),
            new Ceremonies.Made(new Passkey.New(device.credential, device.attested(), new UUID(0, 0), List.of(), false,
                0), device.handle),
            "", "Device"));
        return device;
    }

    private byte[] attested() {
        return ByteBuffer.allocate(16 + 2 + credential.length + coseKey().length).put(new byte[16])
            .putShort((short) credential.length).put(credential).put(coseKey()).array();
    }

    @Override
    public String toString() {
        return "Device[" + Arrays.hashCode(credential) + "]";
    }
}
