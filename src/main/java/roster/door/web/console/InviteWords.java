package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.core.bulk.Job;
import roster.core.bulk.PastedPeople.Check;
import roster.core.bulk.PastedPeople.Checked;
import roster.core.bulk.PastedPeople.Limit;
import roster.core.bulk.PastedPeople.Verdict;
import roster.core.bulk.PastedPeople.Why;
import roster.core.reader.PastedLine.Fault;
import roster.core.reader.PeopleReader;
import roster.core.reader.PeopleReader.Outcome;
import roster.door.web.console.InvitePages.Warning;
import roster.model.User;

/// What is said of people who were pasted.
final class InviteWords {
    /// Lines that are named in a warning.
    private static final int NAMED_MAX = 5;

    private InviteWords() {}

    /// How a verdict looks.
    record Badge(String kind, String icon, String text) {}

    static Badge badge(Verdict verdict) {
        return switch (verdict) {
            case Verdict.New _ -> new Badge("ok", "check", "New");
            case Verdict.Reminder _ -> new Badge("info", "plane", "Reminder");
            case Verdict.Member _ -> new Badge("off", "minus", "Member");
            case Verdict.Disabled _ -> new Badge("wait", "ban", "Disabled");
            case Verdict.Repeated _ -> new Badge("off", "copy", "Repeated");
            case Verdict.Fix _ -> new Badge("bad", "triangle", "Fix");
            case Verdict.Unknown _ -> new Badge("off", "hourglass", "Not checked");
        };
    }

    /// @param back the page with the field
    static Said happens(Checked checked, Visit visit, String back) {
        return switch (checked.verdict()) {
            case Verdict.New _ -> Said.plain("Will be added and invited");
            case Verdict.Reminder(var invited) -> Said.plain(invited
                .map(at -> "Invited " + visit.times().inSentence(at).text()
                    + "; gets a reminder, the earlier link stays good")
                .orElse("Was added before; will be invited"));
            case Verdict.Member _ -> Said.plain("Is a member already; nothing is sent");
            case Verdict.Disabled(var user) -> new Said("Is disabled. ", "Enable",
                user.flatMap(id -> visit.link().to("/console/people/{id}/enable", id)), " first, then invite");
            case Verdict.Repeated(var first) -> Said.plain("Same address as line " + first + "; counted once");
            case Verdict.Unknown _ -> Said.plain("There was no time to look. It is looked at when it is sent");
            case Verdict.Fix(var why) -> fix(why, back);
        };
    }

    private static Said fix(Why why, String back) {
        return switch (why) {
            case Why.Unreadable(var fault) -> Said.plain(switch (fault) {
                case Fault.NoAddress _ -> "No email address";
                case Fault.CommaForDot(var after) ->
                    "No email address: a comma stands where a dot should be, after “" + after + "”";
                case Fault.BadAddress(var typed) -> "“" + typed + "” is no email address";
                case Fault.TooLong(var characters) ->
                    Words.number(characters) + " characters; a line has at most 2,000";
            });
            case Why.NoRole(var name, var meant) when meant.isPresent() -> new Said("There is no role “" + name
                + "”. Did you mean ", meant.get(),
                Optional.of(back + "&instead=" + Link.encoded(name) + "&role="
                    + Link.encoded(meant.get())),
                "?");
            case Why.NoRole(var name, var _) -> Said.plain(name.isEmpty() ? "One of the roles is gone"
                : "There is no role “" + name + "”");
            case Why.NotGivable(var role, var more) -> Said.plain("You can't give " + role + (more == 0
                ? ": you don't have it yourself"
                : ": it has " + Words.counted(more, "permission") + " that you don't"));
            case Why.NameTooLong(var characters) -> Said.plain(characters + " characters; a name has at most "
                + User.NAME_MAX);
            case Why.ServiceAccount _ -> Said.plain("A service account can't be invited");
            case Why.Other(var reason) -> Said.plain(reason);
        };
    }

    /// What is wrong with a text as a whole; empty if nothing is.
    static String fault(Outcome outcome) {
        return switch (outcome) {
            case PeopleReader.TooLong _ -> "This is longer than 1 MiB.";
            case PeopleReader.TooManyLines(var lines) -> Words.number(lines) + " lines. Up to "
                + Words.number(PeopleReader.LINES_MAX) + " at a time.";
            case PeopleReader.People people -> people.lines().isEmpty()
                ? "Paste at least one email address, or choose a file with some." : "";
        };
    }

    /// What to look at in a line again, though it is sent; empty: nothing.
    static String hint(Checked checked) {
        return checked.domainWithoutDot().map(domain -> "Is this right? “" + domain + "” has no dot").orElse("");
    }

    static List<Warning> warnings(Check check) {
        var warnings = new ArrayList<Warning>();
        var fix = check.lines().stream().filter(one -> one.verdict() instanceof Verdict.Fix).count();
        if (fix > 0) {
            warnings.add(new Warning(Words.counted(fix, "line") + (fix == 1 ? " needs" : " need") + " fixing.",
                waiting(fix, check.invited())));
        }
        var doubtful = check.lines().stream().filter(one -> one.domainWithoutDot().isPresent()).toList();
        if (!doubtful.isEmpty()) {
            warnings.add(new Warning(doubtful.size() == 1 ? "1 address may be incomplete."
                : Words.number(doubtful.size()) + " addresses may be incomplete.",
                "After the @ there is no dot (" + lines(doubtful) + "). You can send it as it is."));
        }
        return warnings;
    }

    /// `line 3`, `lines 3, 7 and 12 more`
    private static String lines(List<Checked> some) {
        var shown = some.stream().limit(NAMED_MAX).map(one -> Words.number(one.line().number())).toList();
        var more = some.size() - shown.size();
        return (some.size() == 1 ? "line " : "lines ")
            + (more == 0 ? Words.list(shown) : String.join(", ", shown) + " and " + Words.number(more) + " more");
    }

    /// `You can invite the others now. These two will be waiting in the field afterwards.`
    private static String waiting(long fix, long invited) {
        var these = fix == 1 ? "This one" : fix == 2 ? "These two" : "These " + Words.number(fix);
        return invited == 0 ? "Go back to the list to fix " + (fix == 1 ? "it." : "them.")
            : "You can invite the others now. " + these + " will be waiting in the field afterwards.";
    }

    /// `Each of the 4 gets the role Support and an email`
    static String each(long number, List<String> roles, boolean send) {
        if (number == 0) {
            return "No one is invited by this";
        }
        var role = roles.isEmpty() ? "" : (roles.size() == 1 ? "the role " : "the roles ") + Words.list(roles);
        var what = role.isEmpty() ? send ? "an email" : "no email" : role + (send ? " and an email" : ", and no email");
        return (number == 1 ? "They get " : "Each of the " + Words.number(number) + " gets ") + what;
    }

    static String sentTitle(Job job) {
        if (job.isOver() && job.done() == 0) {
            return job.order().send() ? "No invitation was sent" : "No one was added";
        }
        return job.order().send()
            ? job.isOver() ? "These invitations were sent" : "These invitations are under way"
            : job.isOver() ? "These people were added" : "These people are being added";
    }

    /// `4 people were invited today, 14:02. 1 skipped. 1 refused.`
    static String sent(Job job, Times times) {
        if (!job.isOver()) {
            return "%s of %s so far, begun %s. %s".formatted(Words.number(job.reached()), Words.number(job.people()),
                times.inSentence(job.createdAt()).text(), BulkWords.state(job, times));
        }
        var what = job.order().send() ? "invited" : "added";
        var begun = times.inSentence(job.createdAt()).text();
        var told = job.done() == 0 ? "This was tried %s: no one was %s.".formatted(begun, what)
            : "%s %s %s %s.".formatted(Words.people(job.done()), job.done() == 1 ? "was" : "were", what, begun);
        return told + (job.order().send() ? "" : " No email was sent.") + BulkWords.rest(job)
            + (job.state() == Job.State.FINISHED ? "" : " " + BulkWords.state(job, times));
    }

    /// `You can send 240 more until 15:12. The rest follows by itself.`
    static String limit(Limit limit, Times times) {
        var until = times.full(times.now().plusSeconds(limit.resetSeconds())).text();
        return "You can send %s more until %s. The rest follows by itself.".formatted(Words.number(limit.remaining()),
            until.substring(until.lastIndexOf(' ') + 1));
    }
}
