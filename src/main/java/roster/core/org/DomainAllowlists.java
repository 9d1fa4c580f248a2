package roster.core.org;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Refused;

/// The domains to which an organisation lets reports and notifications be sent: two of its settings, seen as one. Roster
/// stores it for the programs that send them; it does not restrict who may be a user or be invited.
public final class DomainAllowlists {
    private final AuditLog audit;
    private final OrgConfigs configs;

    public DomainAllowlists(AuditLog audit, OrgConfigs configs) {
        this.audit = audit;
        this.configs = configs;
    }

    /// @param domains as `@example.com`
    public record Allowlist(boolean enabled, List<String> domains) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            return Map.of("enabled", enabled, "domains", domains);
        }
    }

    public Allowlist find(Tx tx, Org.Id org) {
        var domains = (List<?>) configs.find(tx, org, OrgConfig.DOMAIN_ALLOWLIST).value();
        return new Allowlist(configs.isOn(tx, org, OrgConfig.DOMAIN_ALLOWLIST_ON),
            domains.stream().map(Object::toString).toList());
    }

    /// What is wrong with a list of domains, if anything.
    public static Optional<String> domainsFault(List<String> domains) {
        if (domains.size() > ConfigType.ENTRIES_MAX) {
            return Optional.of("Longer than maximum length %d.".formatted(ConfigType.ENTRIES_MAX));
        }
        return domains.stream().allMatch(domain -> ConfigType.domain(domain).isPresent()) ? Optional.empty()
            : Optional.of("Domains begin with @, as @example.com.");
    }

    /// Changes what is present.
    ///
    /// @throws Refused with [Invalid] as [#domainsFault] has it
    public Allowlist update(WriteTx tx, Optional<Boolean> enabled, Optional<List<String>> domains) {
        domains.flatMap(DomainAllowlists::domainsFault).ifPresent(reason -> {
            throw new Refused(new Invalid("domains", reason));
        });
        var was = find(tx, tx.org());
        var is = new Allowlist(enabled.orElse(was.enabled()), domains.map(list -> list.stream()
            .flatMap(domain -> ConfigType.domain(domain).stream()).distinct().toList()).orElse(was.domains()));
        if (is.enabled() != was.enabled()) {
            configs.store(tx, OrgConfig.DOMAIN_ALLOWLIST_ON, is.enabled());
        }
        if (!is.domains().equals(was.domains())) {
            configs.store(tx, OrgConfig.DOMAIN_ALLOWLIST, is.domains());
        }
        if (!is.equals(was)) {
            audit.record(tx, "domain_allowlist.updated", new Subject("domain_allowlist", tx.org(), "domain allowlist"),
                Change.between(was.facts(), is.facts()));
        }
        return is;
    }
}
