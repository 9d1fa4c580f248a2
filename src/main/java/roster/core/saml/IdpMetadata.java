package roster.core.saml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import roster.base.json.Times;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;

/// What the metadata of an identity provider says: SAML 2.0, one `EntityDescriptor` with an `IDPSSODescriptor`.
///
/// @param ssoUrl where users are sent to sign in; that of the redirect binding, if there are several
/// @param expiresAt until when the document may be used, if it says so
public record IdpMetadata(String entityId, Optional<String> ssoUrl, Optional<Instant> expiresAt) {
    private static final String NAMESPACE = "urn:oasis:names:tc:SAML:2.0:metadata";
    private static final String REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

    /// The longest entity id: SAML 2.0 metadata, 2.2.1.
    private static final int ENTITY_ID_MAX = 1024;
    private static final int URL_MAX = 2048;

    /// @throws Refused with [Unfit] for anything else
    public static IdpMetadata parse(byte[] xml) {
        try {
            var root = document(xml);
            var provider = children(root, "IDPSSODescriptor").stream().findFirst().orElseThrow(IdpMetadata::invalid);
            var entityId = root.getAttribute("entityID").strip();
            if (!root.getLocalName().equals("EntityDescriptor") || !NAMESPACE.equals(root.getNamespaceURI())
                || entityId.isEmpty() || Text.length(entityId) > ENTITY_ID_MAX || !Text.storable(entityId)) {
                throw invalid();
            }
            var services = children(provider, "SingleSignOnService");
            var service = services.stream().filter(one -> one.getAttribute("Binding").equals(REDIRECT)).findFirst()
                .or(() -> services.stream().findFirst());
            var until = root.hasAttribute("validUntil") ? root : provider;
            return new IdpMetadata(entityId, service.map(one -> url(one.getAttribute("Location").strip())),
                until.hasAttribute("validUntil") ? Optional.of(time(until.getAttribute("validUntil").strip()))
                    : Optional.empty());
        } catch (SAXException | IOException | IllegalArgumentException | DateTimeException e) {
            throw invalid();
        }
    }

    /// Document types are refused, and with them external entities and entity expansion.
    private static Element document(byte[] xml) throws SAXException, IOException {
        var factory = DocumentBuilderFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setNamespaceAware(true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // else it prints to standard error
            return builder.parse(new ByteArrayInputStream(xml)).getDocumentElement();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        var found = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && NAMESPACE.equals(element.getNamespaceURI())
                && element.getLocalName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static String url(String text) {
        var uri = URI.create(text);
        if (uri.getHost() == null || !List.of("http", "https").contains(String.valueOf(uri.getScheme()))
            || text.length() > URL_MAX) {
            throw invalid();
        }
        return text;
    }

    private static Instant time(String text) {
        return Times.parse(text).orElseThrow(IdpMetadata::invalid);
    }

    private static Refused invalid() {
        return new Refused(new Unfit("Invalid metadata"));
    }
}
