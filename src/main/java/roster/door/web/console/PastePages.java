package roster.door.web.console;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.bulk.Act;
import roster.core.bulk.BulkFeature;
import roster.core.bulk.PastedPeople;
import roster.core.bulk.PastedPeople.Found;
import roster.core.bulk.Selection.Chosen;
import roster.core.bulk.Selections;
import roster.core.reader.PastedText;
import roster.core.reader.PeopleReader;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/console/people/paste`: people are chosen by their addresses or ids, to act on them.
public final class PastePages {
    static final String PATH = "/console/people/paste";
    private static final Needs NEEDS = Needs.sessionOf(Permission.USER_ACCESS_INVITE, Permission.USER_ACCESS_MANAGE);
    private static final int ROWS = 100;
    private static final List<String> ORDER = List.of("selection", "show", "from");

    private final PastedPeople pasted;
    private final Selections selections;

    PastePages(BulkFeature feature) {
        this.pasted = feature.pasted;
        this.selections = feature.selections;
    }

    public record PastePage(Shell shell, String action, Field who, Field file) {
        public List<Field> fields() {
            return List.of(who, file);
        }
    }

    public record Row(int line, String kind, String icon, String verdict, String who, Optional<String> second,
        String happens) {}

    /// @param ids of those who are here, each once
    public record FoundPage(Shell shell, String lead, List<Segment> segments, List<Row> rows, List<Pager.Step> steps,
        String selected, Optional<String> act, String selection, boolean any, Set<Act> acts,
        Optional<String> back) {
        public FoundPage {
            acts = Set.copyOf(acts);
        }
    }

    void addTo(Console.Pages pages) {
        pages.get(PATH, NEEDS, this::get);
        pages.add("POST", PATH, NEEDS, SessionMust.BE_COMPLETE, InvitePages.FORM_MAX, this::post);
        pages.post(PATH + "/act", NEEDS, this::act);
    }

    private Response get(Visit visit) {
        var selection = visit.request().query().first("selection");
        return selection.isEmpty() ? page(visit, 200, "", "", "") : found(visit, selection.get());
    }

    private static Response page(Visit visit, int status, String text, String whoFault, String fileFault) {
        var who =
            Field.of("who", "Who", text).hinting("Email addresses or ids: one a line, or anything with them in it. "
                + "Up to 10,000.");
        var file = Field.of("file", "Or a file", "");
        return visit.page(status, "web/console/paste.jte", new PastePage(
            visit.shell(Section.PEOPLE, (status == 200 ? "" : "Error: ") + "Paste people"),
            visit.link().post(PATH).orElseThrow(), whoFault.isEmpty() ? who : who.faulty(whoFault),
            fileFault.isEmpty() ? file : file.faulty(fileFault)));
    }

    private Response post(Visit visit) {
        var upload = visit.upload();
        var file = upload.file("file");
        var text = file.map(PastedText::of).orElseGet(() -> PastedText.of(upload.text("who")));
        var fault = InviteWords.fault(file.filter(bytes -> bytes.length > PastedText.MAX).isPresent()
            ? new PeopleReader.TooLong() : PeopleReader.read(text.text()));
        if (!fault.isEmpty()) {
            return file.isPresent() ? page(visit, 422, "", "", fault) : page(visit, 422, upload.text("who"), fault, "");
        }
        var selection = selections.add(visit.caller(), new Chosen.Pasted(text, List.of(), true));
        return visit.goOn(ListAddress.of(PATH, ORDER).with("selection", selection.id().toString()).text());
    }

    private List<Found> lines(Visit visit, String selection) {
        return Id.parse(selection).flatMap(id -> selections.find(visit.caller(), id))
            .filter(one -> one.chosen() instanceof Chosen.Pasted)
            .map(one -> pasted.found(visit.caller(), (Chosen.Pasted) one.chosen()))
            .orElseThrow(() -> new Refused(new NotFound("selection")));
    }

    private enum Show {
        ALL("All"), FOUND("Found"), REPEATED("Repeated"), MISSING("Not here");

        private final String label;

        Show(String label) {
            this.label = label;
        }

        private static Show of(Found found) {
            return found.user().isEmpty() ? MISSING : found.repeats().isPresent() ? REPEATED : FOUND;
        }

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private Response found(Visit visit, String selection) {
        var query = visit.request().query();
        var lines = lines(visit, selection);
        var show = Stream.of(Show.values()).filter(one -> one.text().equals(query.first("show").orElse("all")))
            .findFirst().orElseThrow(() -> new Refused(new BadParameter("show")));
        var sent = query.first("from").orElse("0");
        if (!sent.matches("\\d{1,6}")) {
            throw new Refused(new BadParameter("from"));
        }
        var from = Integer.parseInt(sent);
        var base = ListAddress.of(PATH, ORDER).with("selection", selection);
        var shown = lines.stream().filter(one -> show == Show.ALL || Show.of(one) == show).toList();
        var list = base.with("show", show == Show.ALL ? "" : show.text());
        var steps = Pager.counted(from, ROWS, shown.size(),
            start -> visit.link().to(list.with("from", start == 0 ? "" : Long.toString(start))));
        var segments = Stream.of(Show.values()).map(one -> new Segment("show-" + one.text(), one.label,
            visit.link().to(base.with("show", one == Show.ALL ? "" : one.text())).orElseThrow(), one == show,
            Optional.of(Words.number(lines.stream().filter(line -> one == Show.ALL || Show.of(line) == one).count()))))
            .toList();
        var number = lines.stream().filter(line -> Show.of(line) == Show.FOUND).count();
        return visit.page("web/console/paste-found.jte", new FoundPage(visit.shell(Section.PEOPLE, "People you pasted"),
            Words.counted(lines.size(), "line") + " read. Nothing has been changed.", segments,
            shown.stream().skip(from).limit(ROWS).map(PastePages::row).toList(), steps,
            Words.people(number) + " selected", visit.link().post(PATH + "/act"), selection, number > 0,
            Act.of(visit.caller()),
            visit.link().to(PATH)));
    }

    private static Row row(Found found) {
        var line = found.line();
        var name = found.user().flatMap(user -> user.name()).filter(one -> !one.isBlank());
        var email = found.user().map(user -> user.email()).or(line::email);
        var who = name.or(() -> email).orElse(line.source());
        return switch (Show.of(found)) {
            case FOUND ->
                new Row(line.number(), "ok", "check", "Found", who, name.isPresent() ? email : Optional.empty(),
                    found.user().orElseThrow().status().text());
            case REPEATED -> new Row(line.number(), "off", "copy", "Repeated", who,
                name.isPresent() ? email : Optional.empty(),
                "Same person as line " + found.repeats().orElseThrow() + "; counted once");
            default -> new Row(line.number(), "wait", "minus", "Not here", who, Optional.empty(),
                line.email().isEmpty() ? "No email address or id" : "No one here has this address");
        };
    }

    /// The people become a selection of their own.
    private Response act(Visit visit) {
        var form = visit.form();
        var ids = lines(visit, form.text("selection")).stream().filter(one -> one.repeats().isEmpty())
            .flatMap(one -> one.user().stream()).map(user -> user.id()).toList();
        var selection = selections.add(visit.caller(), new Chosen.People(ids));
        return visit.goOn(ListAddress.of(BulkPages.NEW, List.of("do", "selection")).with("do", form.text("do"))
            .with("selection", selection.id().toString()).text());
    }
}
