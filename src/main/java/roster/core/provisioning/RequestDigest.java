package roster.core.provisioning;

import java.nio.ByteBuffer;
import roster.base.secret.Secrets;

/// By which the same request about the same person is known again.
///
/// @param body a digest of its body
public record RequestDigest(String method, ByteBuffer body) {
    public static RequestDigest of(String method, byte[] body) {
        return new RequestDigest(method, ByteBuffer.wrap(Secrets.digest(body)));
    }
}
