package roster.core;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import roster.base.db.Database;
import roster.base.net.PublicUrl;
import roster.base.secret.Secrets;
import roster.base.settings.Settings;
import roster.base.source.Sources;
import roster.core.audit.AuditLog;
import roster.core.permission.Catalogue;

/// What every feature is made from.
///
/// @param db open, and of the schema that this version knows
/// @param publicUrl what links begin with
public record Kernel(Settings settings, Database db, Secrets secrets, AuditLog audit, Catalogue catalogue,
    Sources sources, PublicUrl publicUrl, PrometheusMeterRegistry meters) {}
