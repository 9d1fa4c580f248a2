package roster.door.web;

import roster.core.factor.Ceremonies.Asked;

/// The part of a page that asks the browser for a passkey. It is hidden until the script shows it.
///
/// @param autofill whether passkeys are also offered beside the field for the address
/// @param options,challenge see [Asked]
/// @param then where to go on
public record PasskeyForm(String action, String csrf, String then, boolean autofill, String options,
    String challenge) {
    static PasskeyForm of(String action, String csrf, String then, boolean autofill, Asked asked) {
        return new PasskeyForm(action, csrf, then, autofill, asked.options(), asked.sealed());
    }
}
