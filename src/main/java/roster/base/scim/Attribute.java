package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.json.Json;

/// What a schema says of one attribute, and how long its text may be.
///
/// @param canonicalValues suggested values, which are not enforced
/// @param referenceTypes what a reference leads to: `external`, or the names of resource types
/// @param lengthMax the longest text, in characters (Unicode code points)
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7643#section-7">RFC 7643, 7</a>
public record Attribute(String name, Type type, String description, Set<Trait> traits, List<String> canonicalValues,
    List<String> referenceTypes, List<Attribute> subAttributes, int lengthMax) {

    /// The longest text of most attributes.
    public static final int LENGTH_MAX = 1000;

    public enum Type {
        STRING("string"), BOOLEAN("boolean"), INTEGER("integer"), DATE_TIME("dateTime"), REFERENCE("reference"), COMPLEX(
            "complex");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /// As it stands in schemas.
        @Override
        public String toString() {
            return text;
        }
    }

    /// What is not as with most attributes, which are single-valued, optional, read in any case, writable, in every answer
    /// by default, and not unique.
    public enum Trait {
        MULTI_VALUED, REQUIRED, CASE_EXACT, READ_ONLY, IMMUTABLE, ALWAYS_RETURNED, UNIQUE,
        /// Kept and returned, but not in the schema that clients read.
        UNLISTED,
        /// Its text may have line breaks.
        LINES
    }

    public Attribute {
        traits = Set.copyOf(traits);
        canonicalValues = List.copyOf(canonicalValues);
        referenceTypes = List.copyOf(referenceTypes);
        subAttributes = List.copyOf(subAttributes);
    }

    static Attribute simple(String name, Type type, String description, Trait... traits) {
        return new Attribute(name, type, description, Set.of(traits), List.of(), List.of(), List.of(), LENGTH_MAX);
    }

    static Attribute text(String name, String description, Trait... traits) {
        return simple(name, Type.STRING, description, traits);
    }

    static Attribute flag(String name, String description, Trait... traits) {
        return simple(name, Type.BOOLEAN, description, traits);
    }

    static Attribute reference(String name, String to, String description, Trait... traits) {
        return new Attribute(name, Type.REFERENCE, description, Set.of(traits), List.of(), List.of(to), List.of(),
            LENGTH_MAX);
    }

    static Attribute complex(String name, String description, List<Attribute> subAttributes, Trait... traits) {
        return new Attribute(name, Type.COMPLEX, description, Set.of(traits), List.of(), List.of(), subAttributes,
            LENGTH_MAX);
    }

    Attribute suggesting(String... values) {
        return new Attribute(name, type, description, traits, List.of(values), referenceTypes, subAttributes, lengthMax);
    }

    Attribute upTo(int characters) {
        return new Attribute(name, type, description, traits, canonicalValues, referenceTypes, subAttributes, characters);
    }

    public boolean multiValued() {
        return traits.contains(Trait.MULTI_VALUED);
    }

    public boolean required() {
        return traits.contains(Trait.REQUIRED);
    }

    public boolean caseExact() {
        return traits.contains(Trait.CASE_EXACT);
    }

    public boolean readOnly() {
        return traits.contains(Trait.READ_ONLY);
    }

    /// Whether it is set when its element is made, and never changed.
    public boolean immutable() {
        return traits.contains(Trait.IMMUTABLE);
    }

    /// Whether the schema shows it.
    public boolean listed() {
        return !traits.contains(Trait.UNLISTED);
    }

    public boolean isComplex() {
        return type == Type.COMPLEX;
    }

    /// `readWrite`, `readOnly` or `immutable`.
    public String mutability() {
        return readOnly() ? "readOnly" : immutable() ? "immutable" : "readWrite";
    }

    /// `default` or `always`.
    public String returned() {
        return traits.contains(Trait.ALWAYS_RETURNED) ? "always" : "default";
    }

    /// `none` or `server`.
    public String uniqueness() {
        return traits.contains(Trait.UNIQUE) ? "server" : "none";
    }

    /// A sub-attribute by its name in any case.
    public Optional<Attribute> sub(String typed) {
        return named(subAttributes, typed);
    }

    static Optional<Attribute> named(List<Attribute> attributes, String typed) {
        return attributes.stream().filter(one -> one.name().equalsIgnoreCase(typed)).findFirst();
    }

    /// As `/Schemas` shows it: all characteristics that apply to its type.
    public Map<String, Object> json() {
        var json = Json.members("name", name, "type", type.toString(), "multiValued", multiValued(),
            "description", description, "required", required());
        if (isComplex()) {
            json.put("subAttributes", json(subAttributes));
        }
        if (!canonicalValues.isEmpty()) {
            json.put("canonicalValues", canonicalValues);
        }
        json.put("caseExact", caseExact());
        json.put("mutability", mutability());
        json.put("returned", returned());
        json.put("uniqueness", uniqueness());
        if (!referenceTypes.isEmpty()) {
            json.put("referenceTypes", referenceTypes);
        }
        return json;
    }

    static List<Map<String, Object>> json(List<Attribute> attributes) {
        return attributes.stream().filter(Attribute::listed).map(Attribute::json).toList();
    }
}
