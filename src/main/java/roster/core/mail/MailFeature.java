package roster.core.mail;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.work.DueRows;
import roster.base.work.Rate;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.model.Email;

/// E-mails: what waits to be sent, and how it is sent.
public final class MailFeature implements Feature {
    public static final Setting<URI> SMTP_URL = Setting.of("ROSTER_SMTP_URL",
        "Mail server: `smtp://user:password@host:587` or `smtps://…`. Requires `ROSTER_PUBLIC_URL`. Without it, e-mails "
            + "stay queued; while neither is set, a mailbox page shows them",
        text -> Parsers.url(text, List.of("smtp", "smtps"))).secretInUrl();

    public static final Setting<String> MAIL_FROM = Setting.of("ROSTER_MAIL_FROM", "Sender address of every e-mail",
        text -> Email.folded(text).orElseThrow(() -> new IllegalArgumentException("expected an e-mail address")))
        .derived("`roster@` and the host of `ROSTER_PUBLIC_URL`");

    public static final Setting<SSLContext> SMTP_CA_FILE = Setting.of("ROSTER_SMTP_CA_FILE",
        "PEM file with the certificates of the mail server's private CA. Only these CAs are trusted then, and `smtp://` "
            + "requires STARTTLS",
        name -> MailCertificates.inFile(Parsers.path(name))).derived("the certificates Java trusts");

    public static final Setting<Optional<Rate>> MAIL_RATE = Setting.of("ROSTER_MAIL_RATE",
        "E-mails one node sends per period, evenly spaced. `off`: as fast as the mail server takes them", Rate::parse)
        .standard("20/1s");

    public static final Setting<Optional<Rate>> INVITES_PER_INVITER = Setting.of("ROSTER_INVITES_PER_INVITER",
        "Invitations one user or service account may send per period through the API, with or without an e-mail; beyond "
            + "that, 429. The command line is not counted. `off`: no limit",
        Rate::parse).standard("1000/1h");

    public static final Setting<Optional<Rate>> INVITES_PER_ORG = Setting.of("ROSTER_INVITES_PER_ORG",
        "Invitations all users of an organisation together may send per period through the API, with or without an e-mail; "
            + "beyond that, 429. The command line is not counted. `off`: no limit",
        Rate::parse).standard("5000/1h");

    public static final List<Setting<?>> SETTINGS =
        List.of(SMTP_URL, MAIL_FROM, SMTP_CA_FILE, MAIL_RATE, INVITES_PER_INVITER, INVITES_PER_ORG);

    public final Outbox outbox = new Outbox();
    public final Deliveries deliveries;
    public final SendingLimits limits;
    private final Kernel kernel;

    public MailFeature(Kernel kernel) {
        this.kernel = kernel;
        deliveries = new Deliveries(kernel.audit());
        limits = new SendingLimits(kernel.db(), kernel.settings().require(INVITES_PER_INVITER),
            kernel.settings().require(INVITES_PER_ORG));
    }

    /// What sends e-mails; none where no mail server is set. To be asked once the public URL is known.
    ///
    /// @param sources who writes e-mails, by their kind
    /// @param alone whether no other node can be sending what the last run left
    public Optional<Worker> mailer(Map<String, LetterSource> sources, DueRows.Pauses pauses, boolean alone) {
        return kernel.settings().get(SMTP_URL).map(server -> {
            var host = kernel.publicUrl().host();
            var smtp = new Smtp(server, kernel.settings().get(MAIL_FROM).orElseGet(() -> Smtp.usualSender(host)), host,
                kernel.settings().get(SMTP_CA_FILE));
            if (alone) {
                kernel.db().note(Outbox.DUE::endClaims);
            }
            return new Mailer(kernel.db(), outbox, sources, smtp,
                new SendRate(kernel.settings().require(MAIL_RATE)), pauses, kernel.meters()).worker();
        });
    }

    @Override
    public List<Worker> workers() {
        return List.of(limits.worker());
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("e-mails", tx -> outbox.repairTimes(tx, Mailer.CLAIM)),
            new TimeRepair("counts for limits", limits::repairTimes));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("letters").endingWithUser("user_id").personal("recipient", "last_error"),
            TenantTable.of("invitation_counts").unversioned().ofUser("sender_id"));
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }
}
