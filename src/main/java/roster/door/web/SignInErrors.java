package roster.door.web;

import roster.base.html.HtmlPage;
import roster.base.html.Site;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.model.Problem;
import roster.model.SecondStep;

/// Refusals on the pages for signing in.
///
/// @param notSignedIn where pages for users who are signed in lead others
public record SignInErrors(Site site, String notSignedIn) implements ErrorPages {
    @Override
    public Response refused(Request request, Problem problem, int status) {
        return switch (problem) {
            case Problem.NotSignedIn _,Problem.BadKeys _ ->
                site.secured(HtmlPage.elsewhere(site.path(notSignedIn)));
            case Problem.StepMissing(var step) -> site.secured(HtmlPage.elsewhere(
                site.path(step == SecondStep.SHOW ? AgainPages.PATH : SecondStepPages.ENROL)));
            case Problem.NotFresh _ -> site.secured(HtmlPage.elsewhere(site.path(AgainPages.path(Visits.HOME))));
            case Problem.ForeignForm _ -> again(status, "This page is out of date",
                "You are signed in differently now, or the form came from another website. Nothing was changed.");
            case Problem.WrongHost _ -> new SignInNotice(status, "Wrong address",
                "Roster is not called by this name. Open it at its public address.", site.address(), "Go there")
                .answer();
            case Problem.NotFound _,Problem.NoSuchPath _ ->
                again(status, "Page not found", "There is nothing at this address.");
            case Problem.TooManyRequests _,Problem.LimitReached _ ->
                again(status, "Too many requests", "Try again in a moment.");
            case Problem.Unavailable _ -> again(status, "One moment", "Try again in a moment.");
            default -> again(status, "That did not work", "The request could not be understood. Start again.");
        };
    }

    private Response again(int status, String title, String text) {
        return site.secured(new SignInNotice(status, title, text,
            site.path(notSignedIn.startsWith("/sign-in") ? "/sign-in" : Visits.HOME), "Start again").answer());
    }

    @Override
    public Response failed(Request request) {
        return again(500, "Something went wrong",
            "The log of the server says what, under request " + request.id() + ".");
    }
}
