package roster.core.notice;

import java.util.List;
import java.util.Map;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.mail.LetterSource;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;

/// E-mails that tell users what happened to their account.
public final class NoticeFeature implements Feature {
    public final Notices notices;

    public NoticeFeature(Kernel kernel, MailFeature mail, OrgFeature org) {
        notices = new Notices(mail.outbox, org.orgs, kernel.publicUrl());
    }

    /// What writes the e-mails of this room, by their kind.
    public Map<String, LetterSource> emails() {
        return Map.of(Notices.LETTER, notices);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("notices").endingWithUser("user_id").personal("detail"));
    }
}
