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

    public FactorFeature(Kernel kernel, AccessFeature access, NoticeFeature notice) {
        codes = new RecoveryCodes(kernel.audit(), notice.notices);
        factors = new Factors(kernel.audit(), notice.notices, access.rights, codes, kernel.secrets());
        enrolments = new Enrolments(kernel.db(), kernel.secrets(), kernel.sources().randomness());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("totp_secrets").endingWithUser("user_id"),
            TenantTable.of("recovery_codes").endingWithUser("user_id"));
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("authenticator apps", factors::repairTimes));
    }
}
