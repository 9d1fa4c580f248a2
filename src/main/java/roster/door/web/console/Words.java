package roster.door.web.console;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import roster.model.Problem;
import roster.model.Problem.Fault;
import roster.model.Text;

/// What pages say of a problem: one sentence each, for people.
public final class Words {
    private static final Pattern LONGEST = Pattern.compile("Longer than maximum length ([0-9]+)\\.");

    private Words() {}

    public static String of(Problem problem) {
        return switch (problem) {
            case Problem.NotFound _ -> "There is nothing here, or not any more.";
            case Problem.Invalid(var faults) -> faults.stream().map(Words::of).collect(Collectors.joining(" "));
            case Problem.Unfit(var texts) -> texts.stream().map(Words::sentence).collect(Collectors.joining(" "));
            case Problem.BadScim(var _, var detail) -> sentence(detail);
            case Problem.BadParameter(var name) -> "The address is damaged at “" + name + "”.";
            case Problem.NotJson _,Problem.BadRequest _ -> "The request could not be understood.";
            case Problem.Conflict(var text) -> sentence(text);
            case Problem.Mismatch(var text) -> sentence(text);
            case Problem.Gone(var text) -> sentence(text);
            case Problem.NoApiKey _,Problem.BadKeys _,Problem.NotSignedIn _ -> "Sign in to do this.";
            case Problem.StepMissing _ -> "Complete the second step of signing in first.";
            case Problem.NotFresh _ -> "Sign in again to do this.";
            case Problem.ForeignForm _ -> "This form is out of date. Your input is below; send it again.";
            case Problem.WrongHost _ -> "Roster is not called by this name.";
            case Problem.Forbidden(var needed) ->
                "It needs the permission " + needed.name() + ", which none of your roles holds.";
            case Problem.NotOneself _ -> "Only the user it belongs to may see it.";
            case Problem.OwnFactors _ -> "You can't reset your own second factors.";
            case Problem.LastAdministrator _ ->
                "This is the last active administrator. Give another person user_access_manage first.";
            case Problem.Stale _ -> "This was changed while you were editing.";
            case Problem.NoSuchPath _ -> "There is nothing here.";
            case Problem.WrongMethod _,Problem.NotImplemented _ -> "This can't be done here.";
            case Problem.WrongContentType _ -> "This form can't be read.";
            case Problem.Encoded _ -> "A compressed form can't be read.";
            case Problem.TooLarge _ -> "This is too large.";
            case Problem.TooSlow _ -> "The form did not arrive in time. Send it again.";
            case Problem.TooManyRequests(var seconds) -> "Too many requests. " + tryAgain(seconds);
            case Problem.LimitReached(var _, var limit, var _, var remaining, var seconds) ->
                "At most %s, of which %s are left. %s".formatted(number(limit), number(remaining),
                    tryAgain(seconds));
            case Problem.Unavailable(var seconds) -> "Roster is busy. " + tryAgain(seconds);
        };
    }

    /// `Try again in 12 seconds.`
    public static String tryAgain(long seconds) {
        return seconds < 120 ? "Try again in " + counted(Math.max(1, seconds), "second") + "."
            : "Try again in " + counted(seconds / 60, "minute") + ".";
    }

    /// The fault of a field, by its name in the API; empty if it has none.
    ///
    /// @param typed what is wrong
    public static String ofField(Problem problem, String field, String typed) {
        var said = ofField(problem, field);
        var longest = LONGEST.matcher(said);
        return longest.matches() ? "Use at most %s characters; this has %d.".formatted(longest.group(1),
            Text.length(typed.length() > Text.NORMALISED_MAX ? typed : Text.clean(typed.strip()))) : said;
    }

    /// The same where it was not typed.
    public static String ofField(Problem problem, String field) {
        return problem instanceof Problem.Invalid(var faults) ? faults.stream()
            .filter(fault -> fault instanceof Fault.Member(var name, var _) && name.equals(field)).map(Words::of)
            .collect(Collectors.joining(" ")) : "";
    }

    private static String of(Fault fault) {
        return switch (fault) {
            case Fault.Member(var field, var reason) -> field.equals("email") && reason.contains("email")
                ? "Enter an email address, like ann@example.com."
                : reason.equals("Shorter than minimum length 1.") ? "This must not be empty." : sentence(reason);
            case Fault.Shape(var detail, var _) -> sentence(detail);
        };
    }

    /// `1 person`, `12,345 people`.
    public static String people(long number) {
        return number == 1 ? "1 person" : number(number) + " people";
    }

    /// `1 key`, `12,345 keys`.
    public static String counted(long number, String what) {
        return number == 1 ? "1 " + what : number(number) + " " + what + "s";
    }

    /// `12,345`
    public static String number(long number) {
        return String.format(Locale.US, "%,d", number);
    }

    /// `a, b and c`
    public static String list(List<String> words) {
        return words.size() < 2 ? String.join("", words)
            : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }

    private static String sentence(String text) {
        var end = text.isEmpty() || text.endsWith(".") || text.endsWith("?") || text.endsWith("!") ? "" : ".";
        return capital(text) + end;
    }

    /// A text in the middle of a line.
    static String small(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /// A text that begins a line.
    static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
