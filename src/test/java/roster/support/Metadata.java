package roster.support;

import java.util.Map;

/// What identity providers say of themselves, and the form it is uploaded in.
public final class Metadata {
    public static final String FORM = "multipart/form-data; boundary=\"--the end of a part--\"";

    public static final String OF_AN_IDP = """
        <?xml version="1.0" encoding="UTF-8"?>
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.acme.test/é"
            validUntil="2031-02-03T04:05:06Z">
          <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                Location="https://idp.acme.test/post"/>
            <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
                Location="https://idp.acme.test/sso"/>
          </md:IDPSSODescriptor>
        </md:EntityDescriptor>
        """;

    private Metadata() {}

    public static String form(String xml) {
        return """
            ----the end of a part--\r
            Content-Disposition: form-data; name="note"\r
            \r
            idp_file\r
            ----the end of a part--\r
            Content-Type: application/xml\r
            Content-Disposition: form-data; name="idp_file"; filename="idp.xml"\r
            \r
            %s\r
            ----the end of a part----\r
            """.formatted(xml);
    }

    public static Answer upload(TestUser caller) {
        return upload(caller, OF_AN_IDP);
    }

    public static Answer upload(TestUser caller, String xml) {
        return caller.send("POST", "/api/v2/saml_configurations/idp_metadata", form(xml),
            Map.of("Content-Type", FORM));
    }
}
