package roster.door.scim;

import roster.base.http.CredentialForms;
import roster.base.http.Protocol;

/// The two addresses below which SCIM is served. All resources are below both.
enum Base {
    OWN("/scim/v2"),
    /// That of the compatible product: errors have the form of its API, too.
    COMPATIBLE("/api/v2/scim");

    private final String path;
    private final Protocol protocol;

    Base(String path) {
        this.path = path;
        this.protocol = new Protocol(path, CredentialForms.BEARER, new ScimRefusals(this), true);
    }

    /// Where it begins.
    String path() {
        return path;
    }

    Protocol protocol() {
        return protocol;
    }
}
