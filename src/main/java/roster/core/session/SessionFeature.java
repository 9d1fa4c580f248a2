package roster.core.session;

import java.time.Duration;
import java.util.List;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.settings.Setting;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.factor.FactorFeature;
import roster.core.notice.NoticeFeature;
import roster.core.org.OrgFeature;
import roster.core.user.UserFeature;

/// Passwords, sessions, and the one door that makes sessions.
public final class SessionFeature implements Feature, AutoCloseable {
    public static final List<Setting<?>> SETTINGS = List.of(Passwords.THREADS, Passwords.BREACHED);

    public final Passwords passwords;
    public final Sessions sessions;
    public final Devices devices;
    public final SignInRecord record;
    public final SignIn signIn;
    private final SignInPointers pointers;

    public SessionFeature(Kernel kernel, AccessFeature access, OrgFeature org, UserFeature user,
        NoticeFeature notice, FactorFeature factor) {
        pointers = new SignInPointers(kernel.db(), kernel.secrets());
        passwords = new Passwords(kernel.audit(), pointers, notice.notices, kernel.secrets(),
            kernel.settings());
        sessions = new Sessions(kernel.audit(), access.sessionTimes, kernel.db());
        devices = new Devices(kernel.secrets(), kernel.sources().randomness());
        record = new SignInRecord(kernel.audit(), kernel.meters());
        signIn = new SignIn(record, org.orgs, user.users, passwords, factor.factors, sessions,
            new FirstSeen(devices, notice.notices));
    }

    @Override
    public List<Worker> workers() {
        return List.of(sessions.worker(), new Worker("sign-in-pointers",
            "Lets users sign in whose passwords an earlier version stored.", Wake.every(Duration.ofDays(1)),
            pointers::complete));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("passwords").endingWithUser("user_id"),
            TenantTable.of("sessions").endingWithUser("user_id"),
            TenantTable.of("sign_in_pointers").unversioned().endingWithUser("user_id").distributedBy("digest"));
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("sessions", sessions::repairTimes));
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    @Override
    public void close() {
        passwords.close();
    }
}
