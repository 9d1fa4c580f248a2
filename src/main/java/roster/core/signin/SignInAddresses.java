package roster.core.signin;

import java.util.List;
import java.util.Map;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.HtmlPage;
import roster.base.net.PublicUrl;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox;
import roster.core.mail.Outbox.Queued;
import roster.core.mail.ShownName;
import roster.core.org.Orgs;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.user.AddressOwners;
import roster.core.user.Users;
import roster.model.Email;
import roster.model.Org;

/// The e-mail that tells a person where they can sign in: the pages of the organisations in which they have shown that they
/// read e-mail at an address.
public final class SignInAddresses implements LetterSource {
    /// The kind of these e-mails in the outbox.
    public static final String LETTER = "sign_in_addresses";

    private final Database db;
    private final AuditLog audit;
    private final Orgs orgs;
    private final LetterRequests requests;
    private final Outbox outbox;
    private final PublicUrl publicUrl;

    /// Where to sign in to an organisation.
    public record Place(String org, String link) {}

    public record Shown(String email, List<Place> places) {}

    SignInAddresses(Database db, AuditLog audit, Orgs orgs, LetterRequests requests, Outbox outbox,
        PublicUrl publicUrl) {
        this.db = db;
        this.audit = audit;
        this.orgs = orgs;
        this.requests = requests;
        this.outbox = outbox;
        this.publicUrl = publicUrl;
    }

    /// The path of the page of an organisation.
    public static String path(Org org) {
        return "/sign-in/o/" + org.publicId();
    }

    /// Sends the e-mail after the answer, if the address is known. It is queued with the first of the organisations.
    ///
    /// @param typed anything
    public void ask(String typed, Visitor visitor) {
        var address = Email.folded(typed);
        requests.ask(visitor.address(), () -> address.ifPresent(known -> send(known, visitor)));
    }

    private void send(String address, Visitor visitor) {
        var found = db.read(tx -> AddressOwners.of(tx, address));
        if (found.isEmpty() || !requests.maySend(address)) {
            return;
        }
        requests.then(() -> queue(found.getFirst().org(), address, visitor));
    }

    private void queue(Org.Id org, String address, Visitor visitor) {
        db.write(visitor.at(org), tx -> {
            AddressOwners.of(tx, address).stream().filter(user -> user.org().equals(org)).findFirst()
                .ifPresent(user -> {
                    outbox.enqueue(tx, LETTER,
                        new Outbox.New(user.id(), user.id(), address, tx.now().plus(PasswordResets.GOOD)));
                    audit.record(tx, "sign_in_link.addresses_sent", Users.subject(user),
                        new Change(Map.of(), Map.of()));
                });
            return null;
        });
    }

    @Override
    public Draft draft(Tx tx, Queued queued) {
        var places = AddressOwners.of(tx, queued.recipient()).stream()
            .flatMap(user -> orgs.find(tx, user.org()).stream())
            .map(org -> new Place(ShownName.of(org.name()).orElse(org.publicId()), publicUrl.link(path(org)))).toList();
        return places.isEmpty() ? new Draft.Pointless()
            : new Draft.Written(letter(new Shown(queued.recipient(), places)));
    }

    private static Letter letter(Shown shown) {
        var text = new StringBuilder("You can sign in as %s here:\n".formatted(shown.email()));
        shown.places()
            .forEach(place -> text.append('\n').append(place.org()).append('\n').append(place.link()).append('\n'));
        text.append("\nIf you did not ask for this, you can ignore this e-mail.\n");
        return new Letter("Where you can sign in", text.toString(), HtmlPage.rendered("signin/addresses.jte", shown));
    }
}
