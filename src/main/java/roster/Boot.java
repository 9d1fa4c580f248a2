package roster;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import roster.base.db.Database;
import roster.base.db.Migrations;
import roster.base.db.Preflight;
import roster.base.net.PublicUrl;
import roster.base.postgres.EmbeddedPostgres;
import roster.base.secret.SecretFile;
import roster.base.secret.SecretKeyCheck;
import roster.base.secret.Secrets;
import roster.base.settings.Settings;
import roster.core.Kernel;
import roster.core.audit.AuditFeature;
import roster.core.permission.Catalogue;

/// Opens what all features stand on: the database, of the right schema, and the secrets it was written with.
///
/// @param migrated how many files of the schema were applied
record Boot(Kernel kernel, AuditFeature audit, int migrated) {
    /// @param opened what is to be closed later, put there as it is opened
    /// @throws CannotStart if the database or the settings do not allow it
    static Boot open(Settings settings, Surroundings surroundings, Opened opened) {
        // Beside the start of the database, which is mostly waiting.
        var catalogue = CompletableFuture.supplyAsync(Catalogue::load, Thread.ofPlatform().daemon()::start);
        try {
            var address = settings.get(Config.DATABASE_URL).orElseGet(() -> embedded(settings, opened));
            var db = opened.add(Database.open(address, settings.get(Config.DATABASE_URL).isEmpty(),
                surroundings.sources()));
            Migrations.mustBeReachable(db, address);
            // Before anything is made in it: a database that will not do is left as it is.
            if (surroundings.mustBeDurable()) {
                refuseIfAny(Preflight.objections(db));
            }
            var migrated = Migrations.run(db, address);
            var secrets = new Secrets(Config.secretKeys(settings).isEmpty()
                ? List.of(SecretFile.secretKey(settings.require(Config.DATA), SecretKeyCheck.isNoted(db),
                    surroundings.sources().randomness()))
                : Config.secretKeys(settings), surroundings.sources().randomness());
            refuseIfAny(SecretKeyCheck.objection(db, secrets).stream().toList());
            var audit = new AuditFeature(db, secrets);
            return new Boot(new Kernel(settings, db, secrets, audit.log, catalogue.join(), surroundings.sources(),
                new PublicUrl(settings.get(Config.PUBLIC_URL)), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                audit, migrated);
        } catch (SecretFile.Unusable e) {
            throw new CannotStart(e.getMessage());
        } catch (UncheckedIOException e) {
            throw CannotStart.without(settings.require(Config.DATA), e.getCause());
        }
    }

    private static Database.Address embedded(Settings settings, Opened opened) {
        var postgres = opened.add(EmbeddedPostgres.start(settings.require(Config.DATA),
            EmbeddedPostgres.Options.durable()));
        return new Database.Address(postgres.jdbcUrl(), Optional.of(postgres.user()), Optional.of(postgres.password()));
    }

    private static void refuseIfAny(List<String> objections) {
        if (!objections.isEmpty()) {
            throw new CannotStart(String.join("; ", objections));
        }
    }
}
