package roster.core.notice;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.HtmlPage;
import roster.base.net.PublicUrl;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox;
import roster.core.mail.Outbox.Queued;
import roster.core.mail.ShownName;
import roster.core.org.Orgs;
import roster.core.user.UserLife;
import roster.model.Org;
import roster.model.User;

/// Tells users by e-mail what happened to their account: the SQL of the `notices` table. An e-mail is queued in the write
/// that it is about, and names neither links that let in nor secrets.
public final class Notices implements LetterSource, UserLife {
    /// The kind of these e-mails in the outbox.
    public static final String LETTER = "notice";

    /// The longest detail, in characters.
    private static final int DETAIL_MAX = 200;

    /// How long Roster tries to send one.
    private static final Duration LIFE = Duration.ofHours(48);

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private final Outbox outbox;
    private final Orgs orgs;
    private final PublicUrl publicUrl;

    /// What the HTML part needs.
    public record Shown(String title, String org, String text, Optional<String> detail, String at, String advice,
        Optional<String> link) {}

    private record Notice(User.Id user, AccountNotice what, Optional<String> detail) {}

    private record Id(java.util.UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    Notices(Outbox outbox, Orgs orgs, PublicUrl publicUrl) {
        this.outbox = outbox;
        this.orgs = orgs;
        this.publicUrl = publicUrl;
    }

    /// Tells a user at the address they have.
    ///
    /// @param detail one line, as `Firefox on Linux, from 192.0.2.7`; names that others gave go through [ShownName] before
    public void tell(WriteTx tx, User user, AccountNotice what, Optional<String> detail) {
        tell(tx, user, user.email(), what, detail);
    }

    private void tell(WriteTx tx, User user, String recipient, AccountNotice what, Optional<String> detail) {
        var id = new Id(tx.newId());
        tx.later("INSERT INTO notices (org_id, id, user_id, what, detail, version) VALUES (?, ?, ?, ?, ?, ?)", tx.org(),
            id, user.id(), what.code(), detail.map(Letter::oneLine).map(Notices::cut), tx.version());
        outbox.enqueue(tx, LETTER, new Outbox.New(id, user.id(), recipient, tx.now().plus(LIFE)));
    }

    private static String cut(String detail) {
        return detail.codePointCount(0, detail.length()) <= DETAIL_MAX ? detail
            : detail.substring(0, detail.offsetByCodePoints(0, DETAIL_MAX));
    }

    /// Another user may have changed the address to take the account over: the user learns of it where they were sure to read
    /// e-mail.
    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        left.ifPresent(address -> tell(tx, user, address, AccountNotice.ADDRESS_CHANGED, Optional.empty()));
    }

    @Override
    public Draft draft(Tx tx, Queued queued) {
        return tx.query("SELECT user_id, what, detail FROM notices WHERE org_id = ? AND id = ?", queued.org(),
            queued.subject()).optional(Notices::notice).<Draft>map(
                notice -> new Draft.Written(letter(shown(
                    orgs.find(tx, queued.org()).orElseThrow(), notice, queued.createdAt()))))
            .orElseGet(Draft.Pointless::new);
    }

    private static Notice notice(Row row) {
        return new Notice(new User.Id(row.uuid("user_id")), AccountNotice.of(row.text("what")).orElseThrow(),
            row.optionalText("detail"));
    }

    private Shown shown(Org org, Notice notice, Instant at) {
        var what = notice.what();
        return new Shown(what.subject(), ShownName.of(org.name()).orElse(org.publicId()), what.text(), notice.detail(),
            TIME.format(at), what.advice(),
            what.leadsToReset() ? Optional.of(publicUrl.link("/sign-in/forgot")) : Optional.empty());
    }

    private static Letter letter(Shown shown) {
        var text = """
            %s%s

            Organisation: %s
            When: %s

            %s%s
            """.formatted(shown.text(), shown.detail().map("\n\n%s"::formatted).orElse(""), shown.org(), shown.at(),
            shown.advice(), shown.link().map("\n\n%s"::formatted).orElse(""));
        return new Letter(shown.title(), text, HtmlPage.rendered("notice/notice.jte", shown));
    }
}
