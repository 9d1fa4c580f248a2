package roster.core.signin;

import java.util.List;
import java.util.Map;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.core.factor.FactorFeature;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.session.Devices;
import roster.core.session.SessionFeature;
import roster.core.user.UserFeature;

/// The ways to sign in. `guesses` and `sign_in_flows` are of no organisation, and hold nothing readable.
public final class SignInFeature implements Feature {
    public final Guesses guesses;
    public final Devices devices;
    public final Flows flows;
    public final Links links;
    public final PasswordSignIn passwords;
    public final SecondSteps seconds;
    public final PasskeySignIn passkeys;
    public final LetterRequests letterRequests;
    public final MailedLinks mailedLinks;
    public final PasswordResets resets;
    public final SignInAddresses addresses;
    private final FailedSignIns failed;

    public SignInFeature(Kernel kernel, OrgFeature org, UserFeature user, FactorFeature factor,
        SessionFeature session, MailFeature mail) {
        guesses = new Guesses(kernel.db(), kernel.secrets());
        devices = session.devices;
        flows = new Flows(kernel.db(), kernel.secrets());
        links = new Links(kernel.db(), kernel.audit(), session.signIn);
        failed = new FailedSignIns(kernel.db(), kernel.audit(), user.users, org.orgs, guesses);
        passwords = new PasswordSignIn(kernel.db(), session.passwords, guesses, session.devices, session.signIn, failed,
            session.record);
        seconds = new SecondSteps(kernel.db(), flows, guesses, session.signIn, user.users, factor, failed);
        passkeys = new PasskeySignIn(kernel.db(), session.signIn);
        letterRequests = new LetterRequests(guesses);
        mailedLinks = new MailedLinks(kernel.secrets());
        resets = new PasswordResets(kernel.db(), kernel.audit(), session, org.orgs, user.users,
            new PasswordResets.Mailing(letterRequests, mailedLinks, mail.outbox), kernel.publicUrl());
        addresses = new SignInAddresses(kernel.db(), kernel.audit(), org.orgs, letterRequests, mail.outbox,
            kernel.publicUrl());
    }

    /// What writes the e-mails of this room, by their kind.
    public Map<String, LetterSource> emails() {
        return Map.of(PasswordResets.LETTER, resets, SignInAddresses.LETTER, addresses);
    }

    @Override
    public List<Worker> workers() {
        return List.of(guesses.worker(), failed.worker(), letterRequests.worker());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("mail_links").endingWithUser("user_id").personal("email"),
            TenantTable.of("link_pointers").unversioned().distributedBy("digest"));
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("sign-in links", links::repairTimes));
    }
}
