package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.http.Response;
import roster.core.audit.AuditFeature;
import roster.core.audit.Trail.Head;
import roster.core.audit.Trail;
import roster.core.audit.Verification;
import roster.core.audit.Verifications;

/// `/console/audit/verification`: how far the audit trail was verified and what was found, and the way to verify it now.
public final class VerificationPages {
    static final String PATH = AuditPages.PATH + "/verification";

    private static final int SHOWN = 10;

    private final Trail trail;
    private final Verifications verifications;

    VerificationPages(AuditFeature audit) {
        trail = audit.trail;
        verifications = audit.verifications;
    }

    /// @param head of the trail, to be kept elsewhere
    /// @param verify where verifying is asked for
    /// @param refresh where the part is asked for again while one runs
    /// @param kept a head to compare with
    /// @param compared what came of it
    public record VerificationPage(Shell shell, Optional<Back> back, TrailSeal seal, String head,
        Optional<String> verify, Optional<String> refresh, int percent, List<Row> rows, Field kept,
        Optional<TrailSeal> compared) {}

    /// A verification.
    ///
    /// @param kind,icon,text of its badge
    /// @param faults what is wrong, and where
    /// @param broken the entry that is wrong first
    public record Row(Times.Shown time, String scope, String kind, String icon, String text, String checked,
        List<String> faults, Optional<String> broken) {}

    void addTo(Console.Pages pages) {
        pages.get(PATH, AuditPages.NEEDS, this::show).post(PATH, AuditPages.NEEDS, this::verify);
    }

    private Response show(Visit visit) {
        var org = visit.caller().org();
        var head = trail.head(org);
        var sent = visit.request().query().first("kept").map(String::strip).orElse("");
        var kept = Head.parse(sent);
        var isNone = !sent.isEmpty() && kept.isEmpty();
        var field = Field.of("kept", "A head that was kept", sent).faulty(isNone
            ? "This is no head, like 17.1.wY3…" : "");
        var compared = kept.map(one -> compared(one, trail.has(org, one)));
        visit.viewer(); // a read of its own, before the next
        var page = visit.read(tx -> {
            var standing = verifications.standing(tx, org);
            var open = standing.open();
            return new VerificationPage(visit.shell(Section.AUDIT, (isNone ? "Error: " : "") + "Verification"),
                visit.link().to(AuditPages.PATH).map(href -> new Back(href, "Audit trail")),
                TrailSeal.of(visit, standing), head.toString(), visit.link().post(PATH),
                visit.link().to(PATH).filter(_ -> open.isPresent()), open.map(Verification::percent).orElse(0),
                verifications.newest(tx, org, SHOWN).stream().map(one -> row(visit, one)).toList(), field, compared);
        });
        return visit.page(isNone ? 422 : 200,
            visit.isPart() ? "web/console/verification-part.jte" : "web/console/verification.jte", page);
    }

    private static TrailSeal compared(Head head, boolean has) {
        var place = TrailShown.place(head.version(), head.entry());
        return has ? new TrailSeal("ok", "check", "The trail has entry " + place + " with this seal", Optional.empty())
            : new TrailSeal("bad", "triangle", "The trail has no entry " + place
                + " with this seal: its end was cut off, or written anew", Optional.empty());
    }

    private static Row row(Visit visit, Verification one) {
        var badge = switch (one.state()) {
            case WAITING -> new TrailSeal("wait", "clock", "Waiting", Optional.empty());
            case RUNNING -> new TrailSeal("wait", "hourglass", one.percent() + " %", Optional.empty());
            case GOOD -> new TrailSeal("ok", "check", "Nothing is missing or altered", Optional.empty());
            case BROKEN -> new TrailSeal("bad", "triangle", "Broken", Optional.empty());
            case FAILED -> new TrailSeal("bad", "cross", "Did not end", Optional.empty());
        };
        return new Row(visit.times().brief(one.endedAt().orElse(one.createdAt())),
            one.whole() ? "The whole trail" : "What came since the one before", badge.kind(), badge.icon(),
            badge.text(), checked(one), one.faults().stream().map(Words::capital).toList(),
            one.broken().flatMap(place -> visit.link().to(TrailShown.ENTRY, place.version() + "." + place.entry())));
    }

    /// `1,204 entries up to 182,331; 3 from before there were seals`
    private static String checked(Verification one) {
        var place = one.place();
        return Sentences.entries(one.entries())
            + (one.entries() == 0 ? "" : ", up to " + TrailShown.place(place.version(), place.entry()))
            + (one.uncovered() == 0 ? "" : "; " + Words.number(one.uncovered()) + " from before there were seals")
            + (one.erased() == 0 ? "" : "; " + Words.number(one.erased())
                + " without details that an anonymisation erased");
    }

    private Response verify(Visit visit) {
        var whole = visit.form().text("whole").equals("yes");
        var asked = verifications.ask(visit.caller().org(), whole);
        return visit.goOn(PATH, Notice.done(asked ? "The audit trail is being verified."
            : "The audit trail is being verified already."));
    }
}
