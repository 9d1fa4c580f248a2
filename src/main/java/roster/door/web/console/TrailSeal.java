package roster.door.web.console;

import java.util.Optional;
import roster.core.audit.TrailOfUser.Place;
import roster.core.audit.Verifications.Standing;

/// How far the audit trail was verified, in a few words.
///
/// @param kind,icon of the badge
/// @param href of the page that says more
public record TrailSeal(String kind, String icon, String text, Optional<String> href) {
    static TrailSeal of(Visit visit, Standing standing) {
        var href = visit.link().to(VerificationPages.PATH);
        return standing.broken().map(place -> broken(place, href))
            .or(() -> standing.open()
                .map(open -> new TrailSeal("wait", "clock", "Verifying, " + open.percent() + " %", href)))
            .or(() -> standing.good()
                .map(good -> new TrailSeal("ok", "check", "Verified to entry " + place(good.place())
                    + " " + Words.small(visit.times().brief(good.endedAt().orElse(good.createdAt())).text()), href)))
            .orElseGet(() -> new TrailSeal("off", "info", "Not verified yet", href));
    }

    static TrailSeal broken(Place place, Optional<String> href) {
        return new TrailSeal("bad", "triangle", "Broken at entry " + place(place), href);
    }

    private static String place(Place place) {
        return TrailShown.place(place.version(), place.entry());
    }
}
