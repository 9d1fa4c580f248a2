package roster.base.scim;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import roster.model.Problem.TooLarge;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Many operations in one request.
///
/// @param failOnErrors after how many errors no further operation begins
/// @param operations in the order sent
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.7">RFC 7644, 3.7</a>
public record BulkRequest(int failOnErrors, List<BulkOperation> operations) {
    /// As of other text.
    private static final int BULK_ID_MAX = 1000;

    private static final String BULK_ID = "bulkId";
    private static final String FAIL_ON_ERRORS = "failOnErrors";

    public BulkRequest {
        operations = List.copyOf(operations);
    }

    /// @param most operations
    /// @throws Refused with [TooLarge] if there are more; with `invalidSyntax` without a list of operations, and for wrong
    ///     types; with `invalidValue` if an operation that creates has no `bulkId`, or two have the same
    public static BulkRequest read(JsonNode body, int most) {
        var sent = Values.member(body, "operations");
        if (!sent.isArray() || sent.isEmpty()) {
            throw Bad.request(ScimType.INVALID_SYNTAX, "Operations: a list of operations is needed");
        }
        if (sent.size() > most) {
            throw new Refused(new TooLarge());
        }
        var operations = new ArrayList<BulkOperation>();
        sent.forEach(one -> operations.add(operation(one)));
        var seen = new HashSet<String>();
        for (var operation : operations) {
            if (operation.method().equals("POST") && operation.bulkId().isEmpty()) {
                throw Bad.value(BULK_ID, "is required of a POST");
            }
            if (!operation.bulkId().map(seen::add).orElse(true)) {
                throw Bad.value(BULK_ID, "two operations have the same");
            }
        }
        return new BulkRequest(failOnErrors(Values.member(body, FAIL_ON_ERRORS)), operations);
    }

    /// Less than one error stops no sooner than one.
    private static int failOnErrors(JsonNode sent) {
        if (sent.isNull() || sent.isMissingNode()) {
            return Integer.MAX_VALUE;
        }
        var text = sent.isIntegralNumber() || sent.isString() ? sent.asString() : "";
        if (!text.matches("-?[0-9]{1,100}")) {
            throw Bad.syntax(FAIL_ON_ERRORS, "not of the type integer");
        }
        return new BigInteger(text).max(BigInteger.ONE).min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
    }

    private static BulkOperation operation(JsonNode sent) {
        if (!sent.isObject()) {
            throw Bad.syntax("Operations", "not objects");
        }
        var bulkId = text(sent, BULK_ID).filter(id -> !id.isEmpty());
        if (bulkId.filter(id -> id.length() > BULK_ID_MAX).isPresent()) {
            throw Bad.value(BULK_ID, "longer than %d characters".formatted(BULK_ID_MAX));
        }
        var data = Values.member(sent, "data");
        return new BulkOperation(needed(sent, "method").toUpperCase(Locale.ROOT), bulkId, needed(sent, "path"),
            text(sent, "version").filter(tag -> !tag.isEmpty()), data.isNull() ? MissingNode.getInstance() : data);
    }

    private static String needed(JsonNode operation, String name) {
        return text(operation, name).orElseThrow(() -> Bad.syntax(name, "is required of each operation"));
    }

    private static Optional<String> text(JsonNode operation, String name) {
        var value = Values.member(operation, name);
        if (value.isNull() || value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw Bad.syntax(name, "not of the type string");
        }
        return Optional.of(value.asString());
    }
}
