package roster.door.web;

import java.util.ArrayList;
import java.util.Optional;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignIn.Why;
import roster.core.session.Devices;
import roster.core.signin.Flows;
import roster.core.signin.Flows.Half;
import roster.core.signin.SignInFeature;
import roster.model.SecondStep;

/// Where a browser goes that has shown something: on to the page it wanted, or to the second step.
final class Arrivals {
    private final SignInFeature signIn;
    private final Visits visits;

    Arrivals(SignInFeature signIn, Visits visits) {
        this.signIn = signIn;
        this.visits = visits;
    }

    /// The answer to an admission.
    ///
    /// @param half what was shown first, to go on with if a second step is missing
    /// @return none if what was shown is not right, or no longer
    Optional<Response> answer(Request request, Admission admission, Half half) {
        return switch (admission) {
            case Admission.In in -> Optional.of(in(request, half, in, half.then()));
            case Admission.Step(var _, var step) -> {
                signIn.flows.keep(visits.flow(request).cookie(), half);
                yield Optional.of(visits.goingOn(
                    step == SecondStep.SHOW ? SecondStepPages.SHOW : SecondStepPages.ENROL));
            }
            case Admission.Out(var why) when why == Why.NETWORK_NOT_ALLOWED ->
                Optional.of(SignInPages.networkNotAllowed(visits.site()));
            case Admission.Out _,Admission.WrongSecond _ -> Optional.empty();
        };
    }

    /// The address of the user whom the client has shown to be, as far as it is known.
    static String address(Admission admission) {
        return switch (admission) {
            case Admission.In(var user, var _, var _) -> user.email();
            case Admission.Step(var user, var _) -> user.email();
            case Admission.Out _,Admission.WrongSecond _ -> "";
        };
    }

    /// Signed in.
    ///
    /// @param then where to go on
    Response in(Request request, Half half, Admission.In in, String then) {
        var site = visits.site();
        var cookies = new ArrayList<Response.Header>();
        cookies.add(visits.signedIn(request, half.org(), in.session().token()));
        cookies.add(visits.remembering(in.org()));
        cookies.add(site.clearing(Flows.COOKIE));
        if (!half.address().isEmpty()) {
            cookies.add(site.setting(Devices.COOKIE, signIn.devices.with(site.cookie(request, Devices.COOKIE),
                half.org(), half.address()), Optional.of(Devices.AGE)));
        }
        return visits.goingOn(then).with(cookies);
    }
}
