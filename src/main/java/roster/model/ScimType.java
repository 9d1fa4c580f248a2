package roster.model;

/// The kinds of bad requests that SCIM tells apart.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.12">RFC 7644, 3.12</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9865#section-2.1">RFC 9865, 2.1</a>
public enum ScimType {
    INVALID_SYNTAX("invalidSyntax"),
    INVALID_VALUE("invalidValue"),
    INVALID_PATH("invalidPath"),
    NO_TARGET("noTarget"),
    INVALID_FILTER("invalidFilter"),
    MUTABILITY("mutability"),
    TOO_MANY("tooMany"),
    INVALID_CURSOR("invalidCursor");

    private final String text;

    ScimType(String text) {
        this.text = text;
    }

    /// As it stands in answers.
    @Override
    public String toString() {
        return text;
    }
}
