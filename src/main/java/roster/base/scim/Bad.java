package roster.base.scim;

import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import roster.model.Text;

/// Makes refusals. Their details name attributes, and never what they were to become.
final class Bad {
    private static final int NAME_SHOWN_MAX = 100;

    private Bad() {}

    static Refused request(ScimType type, String detail) {
        return new Refused(new BadScim(type, detail));
    }

    static Refused value(String name, String reason) {
        return request(ScimType.INVALID_VALUE, shown(name) + ": " + reason);
    }

    static Refused syntax(String name, String reason) {
        return request(ScimType.INVALID_SYNTAX, shown(name) + ": " + reason);
    }

    /// A name as it may stand in an answer: not longer than names are.
    static String shown(String name) {
        return Text.cut(name, NAME_SHOWN_MAX);
    }
}
