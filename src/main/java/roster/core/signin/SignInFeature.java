package roster.core.signin;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.work.Worker;
import roster.core.Kernel;
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
    private final FailedSignIns failed;

    public SignInFeature(Kernel kernel, OrgFeature org, UserFeature user, SessionFeature session) {
        guesses = new Guesses(kernel.db(), kernel.secrets());
        devices = session.devices;
        flows = new Flows(kernel.db(), kernel.secrets());
        links = new Links(kernel.db(), kernel.audit(), session.signIn);
        failed = new FailedSignIns(kernel.db(), kernel.audit(), user.users, org.orgs, guesses);
        passwords = new PasswordSignIn(kernel.db(), session.passwords, guesses, session.devices, session.signIn, failed,
            kernel.meters());
    }

    @Override
    public List<Worker> workers() {
        return List.of(guesses.worker(), failed.worker());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("mail_links").endingWithUser("user_id"),
            TenantTable.of("link_pointers").unversioned().distributedBy("digest"));
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("sign-in links", links::repairTimes));
    }
}
