package roster.core.factor;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.notice.NoticeFeature;

/// Second factors.
public final class FactorFeature implements Feature {
    public final Factors factors;
    public final RecoveryCodes codes;
    public final Enrolments enrolments;
    public final Ceremonies ceremonies;
    private final Apps apps;

    public FactorFeature(Kernel kernel, AccessFeature access, NoticeFeature notice) {
        var randomness = kernel.sources().randomness();
        var passkeys = new Passkeys();
        apps = new Apps(kernel.secrets());
        codes = new RecoveryCodes(kernel.audit(), notice.notices);
        factors = new Factors(kernel.audit(), notice.notices, access.rights, apps, passkeys, codes);
        enrolments = new Enrolments(kernel.db(), kernel.secrets(), randomness);
        ceremonies = new Ceremonies(kernel.db(), passkeys, kernel.secrets(), randomness);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("totp_secrets").endingWithUser("user_id"),
            TenantTable.of("recovery_codes").endingWithUser("user_id"),
            TenantTable.of("passkeys").endingWithUser("user_id").personal("name"),
            TenantTable.of("passkey_pointers").unversioned().distributedBy("digest"));
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("authenticator apps", apps::repairTimes));
    }
}
