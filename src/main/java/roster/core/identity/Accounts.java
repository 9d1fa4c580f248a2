package roster.core.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Rights;
import roster.core.invitation.Invitations;
import roster.core.role.Roles;
import roster.core.session.Proof;
import roster.core.user.NewUsers;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.Permission;
import roster.model.Refused;
import roster.model.User;

/// Whose account an identity is, at its first sign-in: the rules of what providers are believed.
///
/// A provider that an organisation has configured proves nothing outside of it: its administrators decide what it says.
final class Accounts {
    /// Someone at a provider.
    ///
    /// @param vouched whether the provider is believed that the address is theirs
    /// @param listed whether the provider may speak of addresses of this domain
    record Person(Proof.Identity identity, Optional<Claims.Address> address, boolean vouched, boolean listed,
        Optional<String> name, boolean strong) {
        Proof.Provider proof(User.Id user, Provider provider, Optional<String> link) {
            return new Proof.Provider(user, provider.method(), identity, link, strong);
        }

        /// The same, with the mappings whose claims they have.
        private Person with(Optional<List<UUID>> mappings) {
            return new Person(
                new Proof.Identity(identity.provider(), identity.issuer(), identity.subject(), identity.sid(),
                    identity.idToken(), identity.proved(), mappings),
                address, vouched, listed, name, strong);
        }
    }

    /// Someone at a provider, and all that it says of them.
    record Said(Person person, Claims claims) {}

    /// Whose account it is.
    sealed interface Whose {
        /// A user who may be let in by this now, if nothing else is in the way.
        ///
        /// @param changed whether the account was created or became Active by it
        record Theirs(Proof.Provider proof, boolean changed) implements Whose {}

        /// The user has to show once that the account is theirs.
        ///
        /// @param byLetter whether only an e-mail will do
        record ToBeShown(User user, Person person, boolean byLetter) implements Whose {}

        /// The provider is not believed that the address is theirs.
        record NotConfirmed() implements Whose {}

        record Nobodys() implements Whose {}
    }

    private final Identities identities;
    private final Users users;
    private final NewUsers newUsers;
    private final Roles roles;
    private final Rights rights;
    private final MappedRoles mapped;
    private final Invitations invitations;

    Accounts(Identities identities, Users users, NewUsers newUsers, Roles roles, Rights rights, MappedRoles mapped,
        Invitations invitations) {
        this.identities = identities;
        this.users = users;
        this.newUsers = newUsers;
        this.roles = roles;
        this.rights = rights;
        this.mapped = mapped;
        this.invitations = invitations;
    }

    /// Whether a provider is believed that an address is the user's.
    static boolean vouches(Provider provider, Claims claims, Claims.Address address) {
        if (provider.client().profile() == Profile.GOOGLE) {
            return address.verified() && (address.domain().equals("gmail.com")
                || claims.hostedDomain().equals(Optional.of(address.domain())));
        }
        return lists(provider, address) && switch (provider.terms().addresses()) {
            case TRUSTED -> true;
            case CLAIM -> address.verified();
            case LETTER -> false;
        };
    }

    static boolean lists(Provider provider, Claims.Address address) {
        return provider.terms().domains().contains(address.domain());
    }

    /// Whose account it is, and makes it theirs where nothing has to be shown: pending users become Active, and new ones are
    /// created.
    ///
    /// @param mayCreate whether fewer users than may be were created so lately
    /// @param invitation the token of one that is to be accepted so
    Whose find(WriteTx tx, Provider provider, Said said, boolean mayCreate, Optional<String> invitation) {
        var matching = mapped.matchingLater(tx, tx.org(), said.claims(), said.person().vouched());
        var known = identities.knownLater(tx, said.person().identity()).get();
        var person = said.person().with(matching.get());
        if (known.isPresent()) {
            return theirs(provider, person, known.get().user());
        }
        if (person.address().isEmpty()) {
            return new Whose.NotConfirmed();
        }
        if (invitation.isPresent()) {
            return invited(tx, provider, person, invitation.get());
        }
        var owner = users.withEmail(tx, tx.org(), person.address().get().folded());
        return owner.map(user -> ownedBy(tx, provider, person, user))
            .orElseGet(() -> created(tx, provider, person, mayCreate));
    }

    private Whose ownedBy(WriteTx tx, Provider provider, Person person, User user) {
        if (user.disabled() || identities.hasAt(tx, tx.org(), user.id(), provider.id().value())) {
            // The door refuses, and records why.
            return new Whose.Theirs(person.proof(user.id(), provider, Optional.of("automatic")), false);
        }
        if (!person.vouched()) {
            return person.listed() ? new Whose.ToBeShown(user, person, true) : new Whose.NotConfirmed();
        }
        if (!user.verified()) {
            join(tx, user, provider.client().profile() == Profile.GOOGLE);
            return linked(tx, provider, person, user, "automatic");
        }
        return provider.terms().automatic() && !managesAccess(tx, user)
            ? new Whose.Theirs(person.proof(user.id(), provider, Optional.of("automatic")), false)
            : new Whose.ToBeShown(user, person, false);
    }

    private static Whose theirs(Provider provider, Person person, User.Id user) {
        return new Whose.Theirs(person.proof(user, provider, Optional.empty()), false);
    }

    /// The identity becomes the user's at once, as the account is Active by nothing else: a second factor may follow.
    private Whose linked(WriteTx tx, Provider provider, Person person, User user, String how) {
        identities.use(tx, users.find(tx, tx.org(), user.id()).orElseThrow(),
            identities.shownLater(tx, person.proof(user.id(), provider, Optional.of(how))));
        return new Whose.Theirs(person.proof(user.id(), provider, Optional.empty()), true);
    }

    /// The invitation's link and the address of the invitation: both.
    private Whose invited(WriteTx tx, Provider provider, Person person, String token) {
        var open = invitations.withToken(tx, token)
            .filter(one -> one.state() == Invitation.State.OPEN && one.invitation().org().equals(tx.org()));
        if (open.isEmpty()) {
            return new Whose.Nobodys();
        }
        var user = users.find(tx, tx.org(), open.get().invitation().user()).orElseThrow();
        if (!person.vouched() || !person.address().orElseThrow().folded().equals(open.get().invitation().email())) {
            return new Whose.NotConfirmed();
        }
        join(tx, user, true);
        return linked(tx, provider, person, user, "invitation");
    }

    /// Whether a provider may have accounts created for its users, and a person could have one.
    static boolean couldCreate(Provider provider, Person person) {
        return provider.terms().createUsers() && person.vouched() && person.listed();
    }

    private boolean managesAccess(Tx tx, User user) {
        return rights.of(tx, user.org(), user.id()).contains(Permission.USER_ACCESS_MANAGE);
    }

    /// Makes a pending user Active, with all that accepting an invitation does.
    ///
    /// @param proved whether they have shown that they read e-mail at their address
    void join(WriteTx tx, User user, boolean proved) {
        invitations.joined(tx, user);
        users.verify(tx, users.find(tx, tx.org(), user.id()).orElseThrow(), "user.verified", proved);
    }

    private Whose created(WriteTx tx, Provider provider, Person person, boolean mayCreate) {
        var terms = provider.terms();
        if (!couldCreate(provider, person) || !mayCreate) {
            return person.listed() && !person.vouched() && terms.createUsers() ? new Whose.NotConfirmed()
                : new Whose.Nobodys();
        }
        var role = terms.defaultRole().flatMap(id -> roles.find(tx, tx.org(), id))
            .filter(one -> mapped.mayGive(tx, provider.changedBy(), one));
        try {
            var user = newUsers.createSignedIn(tx, person.address().orElseThrow().folded(), person.name(), role);
            users.verify(tx, user, "user.verified", provider.client().profile() == Profile.GOOGLE);
            return linked(tx, provider, person, user, "created");
        } catch (Refused e) { // the address is the handle of another, or none that a user can have
            return new Whose.Nobodys();
        }
    }

    /// What an audit entry says of a sign-in that failed at a provider.
    static Map<String, Object> facts(Provider provider, String reason) {
        return Map.of("method", provider.method().text(), "provider", provider.id().toString(), "reason", reason);
    }

}
