package roster.door.scim;

import roster.base.http.CredentialForms;
import roster.base.http.Protocol;
import roster.base.http.Watch;

/// The two addresses below which SCIM is served. All resources are below both.
enum Base {
    OWN("/scim/v2"),
    /// That of the compatible product: errors have the form of its API, too.
    COMPATIBLE("/api/v2/scim");

    private final String path;

    Base(String path) {
        this.path = path;
    }

    /// Where it begins.
    String path() {
        return path;
    }

    Protocol protocol(Watch watch) {
        return new Protocol(path, CredentialForms.BEARER, new ScimRefusals(this), true, watch);
    }
}
