package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import roster.core.bulk.Act;
import roster.core.bulk.Bulk.Rehearsal;
import roster.core.bulk.Job;
import roster.core.bulk.Result.Outcome;
import roster.core.bulk.Result.Reason;

/// What pages say of acts on many people.
final class BulkWords {
    private BulkWords() {}

    /// `Disable 12,345 people`, `Give 3 people the role Support`
    ///
    /// @param ofInvitations whether it is about invitations, and not about people
    static String act(Act act, long number, List<String> roles, boolean ofInvitations) {
        var people = Words.people(number);
        return switch (act) {
            case INVITE -> "Invite " + people;
            case GIVE_ROLES -> "Give " + people + " " + roles(roles);
            case TAKE_ROLES -> "Take " + roles(roles) + " from " + people;
            case DISABLE -> "Disable " + people;
            case ENABLE -> "Enable " + people;
            case CANCEL_INVITATIONS -> ofInvitations ? "Cancel " + Words.counted(number, "invitation")
                : "Cancel the invitations of " + people;
        };
    }

    private static String roles(List<String> roles) {
        return roles.isEmpty() ? "a role that is gone"
            : (roles.size() == 1 ? "the role " : "the roles ") + Words.list(roles);
    }

    /// What happens to those with whom it is done.
    static String will(Act act, long number, boolean ofInvitations) {
        var are = number == 1 ? "is" : "are";
        return Words.number(number) + switch (act) {
            case INVITE -> " will be invited";
            case GIVE_ROLES -> number == 1 ? " gets what they do not have yet" : " get what they do not have yet";
            case TAKE_ROLES -> number == 1 ? " loses it" : " lose it";
            case DISABLE -> " will be disabled";
            case ENABLE -> " will be enabled";
            case CANCEL_INVITATIONS -> ofInvitations ? " will be cancelled" : " " + are + " invited no longer";
        };
    }

    /// `3 people are disabled.`
    static String done(Act act, long number, boolean ofInvitations) {
        var are = number == 1 ? " is " : " are ";
        var have = number == 1 ? " has " : " have ";
        return (ofInvitations ? Words.counted(number, "invitation") : Words.people(number)) + switch (act) {
            case INVITE -> are + "invited.";
            case GIVE_ROLES -> have + "the role now.";
            case TAKE_ROLES -> number == 1 ? " lost the role." : " lost the role.";
            case DISABLE -> are + "disabled.";
            case ENABLE -> are + "enabled.";
            case CANCEL_INVITATIONS -> are + (ofInvitations ? "cancelled." : "invited no longer.");
        };
    }

    /// With whom it was not done; with a blank before it, if there are any.
    static String rest(Job job) {
        return (job.skipped() > 0 ? " " + Words.number(job.skipped()) + " skipped." : "")
            + (job.refused() > 0 ? " " + Words.number(job.refused()) + " refused." : "");
    }

    /// What else happens, before it is done.
    static List<String> facts(Act act) {
        return switch (act) {
            case INVITE -> List.of("Each gets an email with a link.",
                "Those who were invited before get a reminder. Earlier links stay good.");
            case GIVE_ROLES -> List.of("They may do what the role allows at once.");
            case TAKE_ROLES -> List.of("They may not do what only this role allows any more, at once.");
            case DISABLE -> List.of("They can't sign in any more, and their sessions end.",
                "Their keys and access tokens are revoked for good. Enabling them again does not bring these back.",
                "Their roles are kept and apply again when they are enabled.");
            case ENABLE -> List.of("They can sign in again, with the roles they had.",
                "Keys and access tokens that were revoked stay so.");
            case CANCEL_INVITATIONS ->
                List.of("The links in earlier emails stop working.", "The people stay, as Pending.");
        };
    }

    /// `12,342 will be disabled, 3 are already, 2 are refused: …`
    static String rehearsed(Act act, Rehearsal rehearsal, boolean ofInvitations) {
        var parts = new ArrayList<String>();
        parts.add(will(act, rehearsal.count(Outcome.DONE), ofInvitations));
        rehearsal.reasons(Outcome.SKIPPED).forEach((reason, number) -> parts.add(Words.number(number) + " "
            + skipped(reason, number)));
        var refused = rehearsal.count(Outcome.REFUSED);
        if (refused > 0) {
            parts.add(Words.number(refused) + (refused == 1 ? " is refused: " : " are refused: ")
                + rehearsal.reasons(Outcome.REFUSED).keySet().stream().map(reason -> reason(act, reason, ""))
                    .collect(Collectors.joining("; ")));
        }
        var text = String.join(", ", parts) + ".";
        return rehearsal.isWhole() ? text
            : "Of the first " + Words.number(rehearsal.results().size()) + ", " + text
                + " The others are looked at when it is done.";
    }

    private static String skipped(Reason reason, long number) {
        var are = number == 1 ? "is " : "are ";
        return switch (reason) {
            case ALREADY -> are + "already";
            case MEMBER -> are + (number == 1 ? "a member already" : "members already");
            case NOTHING_OPEN -> (number == 1 ? "has" : "have") + " no open invitation";
            case NOT_OPEN -> "can't be accepted any more";
            default -> are + "not here any more";
        };
    }

    /// Why it was not done with a person; without a full stop.
    static String reason(Act act, Reason reason, String detail) {
        return switch (reason) {
            case ALREADY -> switch (act) {
                case DISABLE -> "Is disabled already";
                case ENABLE -> "Is enabled already";
                case TAKE_ROLES -> "Has none of these roles";
                default -> "Has it already";
            };
            case NOT_HERE -> "Is not here any more";
            case MEMBER -> "Is a member already";
            case NOTHING_OPEN -> "Has no open invitation";
            case NOT_OPEN -> "It can't be accepted any more";
            case DISABLED -> "Is disabled";
            case SERVICE_ACCOUNT -> "A service account can't be invited";
            case LAST_ADMINISTRATOR -> "The last active administrator stays";
            case NOT_ALLOWED -> detail.isEmpty() ? "You may not do this" : "You can't give " + detail;
            case NO_ROLE -> "The role is gone";
            case TAKEN -> detail.isEmpty() ? "Another person has the address" : detail;
            case INVALID -> detail.isEmpty() ? "It is not valid" : detail;
        };
    }

    static String state(Job job, Times times) {
        var counts = "%s done, %s not reached".formatted(Words.number(job.done() + job.skipped() + job.refused()),
            Words.number(job.notReached()));
        return switch (job.state()) {
            case WAITING -> "Waits for its turn.";
            case RUNNING ->
                job.waitsUntil().map(at -> "The hourly limit on invitations is reached. The rest follows by "
                    + "itself, next at " + times.full(at).text() + ".").orElse("Under way.");
            case FINISHED -> "Finished.";
            case STOPPED -> "Stopped. " + counts + ".";
            case NOT_ALLOWED -> "Stopped: you may no longer do this. " + counts + ".";
            case FAILED -> "It did not succeed within 30 days. " + counts + ".";
        };
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case DONE -> "Done";
            case SKIPPED -> "Skipped";
            case REFUSED -> "Refused";
        };
    }
}
