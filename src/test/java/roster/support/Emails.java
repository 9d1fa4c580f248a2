package roster.support;

import java.util.List;
import java.util.UUID;
import roster.core.mail.Letter;

/// The e-mails that an organisation has queued, as they would be sent now.
public final class Emails {
    /// @param letter as it would be sent
    public record Email(String kind, String recipient, Letter letter) {}

    private Emails() {}

    /// Those of a kind that would be sent, the oldest first.
    public static List<Email> of(TestOrg org, String kind) {
        var program = org.roster().program();
        return org.roster().sql("SELECT id FROM letters WHERE org_id = ? AND kind = ? ORDER BY created_at, id",
            org.id().value(), kind).stream().map(row -> (UUID) row.getFirst())
            .flatMap(id -> Await.read(program.kernel().db(), tx -> {
                var queued = program.mail.outbox.find(tx, id).orElseThrow();
                return program.emails().get(kind).draft(tx, queued).written()
                    .map(letter -> new Email(kind, queued.recipient(), letter));
            }).stream()).toList();
    }
}
