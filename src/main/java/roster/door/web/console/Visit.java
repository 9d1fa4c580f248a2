package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.Tx;
import roster.base.html.Csrf;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.SessionCookie;
import roster.base.html.Upload;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.core.audit.TrailOfUser.Place;
import roster.core.invitation.InvitationFigures;
import roster.core.preference.Preference;
import roster.core.preference.Viewer;
import roster.model.Caller;
import roster.model.Problem.ForeignForm;
import roster.model.Refused;
import roster.model.Text;

/// One request for a page of the console, and what its answer is made with.
public final class Visit {
    /// Say where in a list a page is, or what it is about to do, rather than what it shows.
    private static final Set<String> UNASKED =
        Set.of(ListAddress.AFTER, ListAddress.BEFORE, "rows", "sel", "selection", "tag", "then");

    /// The most that is printed of what an address asks for, in characters.
    private static final int ASKED_MAX = 500;

    private final Console console;
    private final Request request;
    private final Link link;
    private Viewer viewer;
    private long attention;
    private Optional<Place> broken = Optional.empty();
    private boolean told;

    Visit(Console console, Request request) {
        this.console = console;
        this.request = request;
        this.link = new Link(console.routes(), console.site(), request.caller());
    }

    public Request request() {
        return request;
    }

    public Caller caller() {
        return request.caller();
    }

    /// What the caller may be offered.
    public Link link() {
        return link;
    }

    /// The user who asks, and what they prefer. Read when first asked for.
    public Viewer viewer() {
        if (viewer == null) {
            viewer = console.db().read(tx -> {
                Supplier<Long> counted = isPart() || link.to(InvitationPages.PATH).isEmpty() ? () -> 0L
                    : InvitationFigures.attentionLater(tx, caller().org());
                Supplier<Optional<Place>> found = link.to(VerificationPages.PATH).isPresent()
                    ? console.verifications().brokenLater(tx, caller().org()) : Optional::empty;
                var asking = console.preferences().viewer(tx, caller());
                broken = found.get();
                attention = counted.get();
                return asking;
            });
        }
        return viewer;
    }

    /// That the audit trail is broken, for those who may read it.
    Optional<TrailSeal> alarm() {
        viewer();
        return broken.map(place -> TrailSeal.broken(place, link.to(VerificationPages.PATH)));
    }

    /// Reads from one snapshot.
    public <T> T read(Function<Tx, T> work) {
        return console.db().read(work);
    }

    /// Keeps what the user prefers from now on.
    public void prefer(Preference preference) {
        console.preferences().set(caller(), preference);
        viewer = null;
    }

    /// Times in the zone of the user.
    public Times times() {
        return new Times(viewer().zone(), console.clock().instant());
    }

    /// The shell of a page.
    ///
    /// @param section where in the navigation it is
    /// @param title of the window, before the names of the organisation and of Roster
    public Shell shell(Section section, String title) {
        return shell(Optional.of(section), title);
    }

    public Shell shell(Optional<Section> section, String title) {
        var notice = isPart() ? Optional.<Notice>empty()
            : console.notices().of(request, session(), console.clock().instant());
        told = !isPart() && console.notices().isSent(request);
        return new Shell(section, title, viewer(), link, console.assets(),
            csrf(), times(), notice, alarm(), asked(), request.id(), console.version(), attention());
    }

    /// How many invitations need attention, as shown; none: none does, or they are not told of.
    private Optional<String> attention() {
        viewer();
        return attention == 0 ? Optional.empty() : Optional.of(attention > InvitationFigures.COUNTED_MAX
            ? Words.number(InvitationFigures.COUNTED_MAX) + "+" : Words.number(attention));
    }

    /// `q: mart, status: disabled`
    private String asked() {
        var query = request.query();
        return request.method().equals("GET") ? Text.cut(query.names().stream().filter(name -> !UNASKED.contains(name))
            .map(name -> name.replace('_', ' ') + ": " + String.join(", ", query.all(name)))
            .filter(one -> one.indexOf('=') < 0).collect(Collectors.joining(", ")), ASKED_MAX) : "";
    }

    /// Whether htmx asks for the part inside `#list` only, and not for the page again after its history was lost.
    public boolean isPart() {
        return isTrue("HX-Request") && !isTrue("HX-History-Restore-Request");
    }

    private boolean isTrue(String header) {
        return request.header(header).filter("true"::equals).isPresent();
    }

    public Response page(String template, Object model) {
        return page(200, template, model);
    }

    /// @param template as `web/console/people.jte`
    /// @param model its only parameter
    public Response page(int status, String template, Object model) {
        return told(HtmlPage.withAssets(status, template, model));
    }

    /// A page that frames another one of ours.
    public Response framing(String template, Object model) {
        return told(HtmlPage.framingWithAssets(200, template, model));
    }

    private Response told(Response answer) {
        return told ? answer.with(List.of(console.notices().clearing())) : answer;
    }

    /// Leads on by `GET`, after a form was sent.
    ///
    /// @param path of the console, without that of the public URL
    public Response goOn(String path) {
        return HtmlPage.elsewhere(console.site().path(path));
    }

    /// The same, with what the page there tells.
    public Response goOn(String path, Notice notice) {
        return goOn(path).with(List.of(console.notices().header(notice, session(), console.clock().instant())));
    }

    /// The whole address of a page, to hand to others.
    ///
    /// @param path of the console, without that of the public URL
    public String absolute(String path) {
        return console.site().address(request, path);
    }

    /// The address of a file that pages use.
    String asset(String name) {
        return console.assets().path(name);
    }

    /// Sends on to another spelling of the same address.
    public Response moved(ListAddress address) {
        return HtmlPage.spelled(console.site().path(address.text()));
    }

    /// The form that a page of ours has sent.
    ///
    /// @throws Refused with [ForeignForm]
    public Form form() {
        var form = Form.of(request);
        if (!console.site().sent(request) || !console.browsers().csrf().holds(
            Kept.token(form.text(Csrf.FIELD)), bound())) {
            throw new Refused(new ForeignForm());
        }
        return form;
    }

    /// What each form holds.
    private String csrf() {
        return console.kept().signed(console.browsers().csrf().masked(bound()), caller().user().orElseThrow());
    }

    /// A form that was kept when it could not be taken.
    ///
    /// @throws Refused with [ForeignForm] if it is another user's, or it is too late
    Kept.Sent kept() {
        if (!console.site().sent(request)) {
            throw new Refused(new ForeignForm());
        }
        return console.kept().open(Form.of(request).text("kept"), caller().user().orElseThrow(),
            console.clock().instant()).orElseThrow(() -> new Refused(new ForeignForm()));
    }

    /// The same with a file in it.
    ///
    /// @throws Refused with [ForeignForm]
    public Upload upload() {
        var upload = new Upload(request);
        if (!console.site().sent(request) || !console.browsers().csrf().holds(
            Kept.token(upload.text(Csrf.FIELD)), bound())) {
            throw new Refused(new ForeignForm());
        }
        return upload;
    }

    private String session() {
        return caller().session().orElseThrow().toString();
    }

    private String bound() {
        return SessionCookie.bound(caller().session().orElseThrow(),
            SessionCookie.tokens(console.site(), request).getFirst());
    }

    /// Values of a field that may be sent several times, in the order sent.
    public static List<String> several(String joined) {
        var all = new ArrayList<String>();
        for (var one : joined.split(",", -1)) {
            if (!one.isBlank()) {
                all.add(one.strip());
            }
        }
        return all;
    }
}
