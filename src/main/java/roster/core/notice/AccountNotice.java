package roster.core.notice;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a user is told. Each is an e-mail of its own.
public enum AccountNotice {
    PASSWORD_SET("Your password was changed",
        "The password of your account was changed, and all other sessions ended."),
    SECOND_FACTOR_ADDED("A second step was added to your account",
        "From now on, signing in to your account can ask for this:"),
    SECOND_FACTOR_REMOVED("A second step was removed from your account",
        "Signing in to your account no longer asks for this:"),
    RECOVERY_CODE_USED("A recovery code was used", "A recovery code was used to sign in to your account:"),
    CODES_REFUSED("Someone may know your password",
        "Too many wrong codes were entered after your password. Codes are refused for a day; passkeys and recovery codes "
            + "still work. Someone may know your password: change it."),
    PASSKEY_COPIED("A passkey of yours may have been copied",
        "A passkey of yours was refused, as another device seems to have used a copy of it. Remove it, and make a new one:"),
    IDENTITY_LINKED("Another way to sign in was added", "Your account can now be signed in to with this:"),
    ADDRESS_CHANGED("The e-mail address of your account was changed",
        "Your account has another e-mail address now. This address is no longer used for it."),
    UNKNOWN_BROWSER("New sign-in to your account",
        "Your account was signed in to with a browser we have not seen before:");

    private final String subject;
    private final String text;

    AccountNotice(String subject, String text) {
        this.subject = subject;
        this.text = text;
    }

    String subject() {
        return subject;
    }

    /// What happened. With a detail after it if it ends with a colon.
    String text() {
        return text;
    }

    /// What to do if it was not the user themselves.
    String advice() {
        return switch (this) {
            case ADDRESS_CHANGED -> "If you did not expect this, tell an administrator of your organisation at once.";
            case CODES_REFUSED -> "Reset your password here:";
            default ->
                "If this was not you, reset your password at once and tell an administrator of your organisation:";
        };
    }

    /// Whether the advice ends with a link to the page that resets passwords.
    boolean leadsToReset() {
        return this != ADDRESS_CHANGED;
    }

    /// As in the database.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AccountNotice> of(String code) {
        return Arrays.stream(values()).filter(one -> one.code().equals(code)).findFirst();
    }
}
