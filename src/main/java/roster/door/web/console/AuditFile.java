package roster.door.web.console;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import roster.base.html.HtmlPage;
import roster.base.http.Response;
import roster.base.http.StoredBody;
import roster.base.json.Json;
import roster.core.audit.EventJson;
import roster.core.audit.TrailEntry;
import roster.core.audit.TrailExport;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// `/console/audit.csv` and `/console/audit.ndjson`: what was searched in the audit trail as a file, the latest first.
final class AuditFile {
    static final String CSV = AuditPages.PATH + ".csv";
    static final String NDJSON = AuditPages.PATH + ".ndjson";

    private static final List<String> COLUMNS = List.of("entry", "time", "actor", "what", "kind", "subject", "person",
        "source", "address", "request_id", "before", "after");

    private static final int BUFFERED = 64 << 10;

    private final AuditPages audit;
    private final TrailExport export;

    AuditFile(AuditPages audit, TrailExport export) {
        this.audit = audit;
        this.export = export;
    }

    void addTo(Console.Pages pages) {
        pages.get(CSV, AuditPages.NEEDS, this::csv).get(NDJSON, AuditPages.NEEDS, this::ndjson);
    }

    /// @throws Refused where the page would show a fault: a file has no place for one
    private AuditAsked asked(Visit visit) {
        var asked = audit.asked(visit);
        if (!asked.fault().isEmpty() || asked.unreadable().isPresent()) {
            throw new Refused(new BadParameter(asked.fault().isEmpty() ? "query" : "q"));
        }
        return asked;
    }

    private Response csv(Visit visit) {
        var asked = asked(visit);
        var sentences = new Sentences(visit.link(), java.util.Optional.empty());
        return CsvFile.of(CsvFile.name(visit, "audit", "csv"), COLUMNS,
            csv -> export.entries(visit.caller(), asked.query(), entry -> csv.accept(cells(sentences, entry))));
    }

    private static List<String> cells(Sentences sentences, TrailEntry entry) {
        return List.of(entry.version() + "." + entry.entry(), entry.at().toString(), sentences.actor(entry).text(),
            sentences.did(entry, Map.of()).text(), entry.action(), entry.subjectName(),
            entry.concerned().flatMap(user -> user.name().map(_ -> user.email())).orElse(""),
            TrailShown.way(entry.way()), entry.address().orElse(""), entry.requestId(), facts(entry.before()),
            facts(entry.after()));
    }

    private static String facts(JsonNode facts) {
        return facts.isEmpty() ? "" : facts.toString();
    }

    private Response ndjson(Visit visit) {
        var asked = asked(visit);
        var org = visit.caller().org();
        return HtmlPage.file(CsvFile.name(visit, "audit", "ndjson"), "application/x-ndjson; charset=utf-8",
            StoredBody.of(file -> {
                var out = new BufferedOutputStream(file, BUFFERED);
                export.events(visit.caller(), asked.query(), event -> {
                    try {
                        out.write(Json.bytes(EventJson.of(org, event)));
                        out.write('\n');
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                try {
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
    }
}
