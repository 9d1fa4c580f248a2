package roster.door.web;

import roster.base.html.HtmlPage;
import roster.base.http.Response;

/// A page that says one thing, and where to go on.
///
/// @param path as [roster.base.html.Site#path] has it
/// @param label what the link to it says
public record SignInNotice(int status, String title, String text, String path, String label) {
    Response answer() {
        return HtmlPage.open(status, "web/signin/notice.jte", this);
    }
}
