package roster.core.factor;

import roster.core.factor.Enrolments.Offer;
import roster.core.factor.Passkey.Signed;

/// What a client shows as its second factor.
public sealed interface Second {
    /// A code of the user's authenticator app, as it was typed.
    record Code(String typed) implements Second {
        @Override
        public String toString() {
            return "Code";
        }
    }

    /// A recovery code, as it was typed.
    record Recovery(String typed) implements Second {
        @Override
        public String toString() {
            return "Recovery";
        }
    }

    /// The first code of an app that is being set up, by a user who has no factor yet.
    record FirstCode(Offer offer, String typed) implements Second {
        @Override
        public String toString() {
            return "FirstCode";
        }
    }

    /// A passkey by which a challenge was signed just now.
    record ByPasskey(Signed signed) implements Second {}

    /// As sessions and the audit trail have it.
    default String text() {
        return switch (this) {
            case Code _,FirstCode _ -> "totp";
            case Recovery _ -> "recovery_code";
            case ByPasskey _ -> "passkey";
        };
    }
}
