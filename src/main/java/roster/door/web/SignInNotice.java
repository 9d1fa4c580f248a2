package roster.door.web;

import java.util.Optional;
import roster.base.html.HtmlPage;
import roster.base.http.Response;

/// A page that says one thing, and where to go on.
///
/// @param path where to go on, as [roster.base.html.Site#path] has it
public record SignInNotice(int status, String title, String text, Optional<String> path, String label) {
    SignInNotice(int status, String title, String text) {
        this(status, title, text, Optional.empty(), "");
    }

    SignInNotice goingOn(String where, String words) {
        return new SignInNotice(status, title, text, Optional.of(where), words);
    }

    Response answer() {
        return HtmlPage.open(status, "web/signin/notice.jte", this);
    }
}
