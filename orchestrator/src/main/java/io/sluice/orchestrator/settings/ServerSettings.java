package io.sluice.orchestrator.settings;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Keys {@code sluice.*}. An unknown key stops the start.
 *
 * @param dataDir where the embedded database, the tokens and the key lie; made with mode 0700
 * @param database without a URL the embedded PostgreSQL is used
 * @param tokens bearer tokens of operators; without any, the embedded mode makes one per role
 * @param joinToken what agents register with; without it and its file, the embedded mode makes one
 * @param keyFile 32 bytes, base64, under which migrations' secrets are encrypted; {@code DATA-DIR/secrets-key} if left out
 * @param lostAfter silence after which a worker counts as lost; above the 20 s for which a sync is held
 * @param tick period of the safety tick; decisions are made when reports arrive, it only heals what was missed
 * @param retain how long a source's copy is kept once its migration is done
 * @param alerts when operators are told
 * @param replica of several on one database
 */
@ConfigurationProperties(prefix = "sluice", ignoreUnknownFields = false)
public record ServerSettings(
        Path dataDir,
        @DefaultValue Database database,
        @DefaultValue Tokens tokens,
        @Nullable String joinToken,
        @Nullable Path joinTokenFile,
        @Nullable Path keyFile,
        @DefaultValue("45s") Duration lostAfter,
        @DefaultValue("2s") Duration tick,
        @DefaultValue("1h") Duration retain,
        @DefaultValue Alerts alerts,
        @DefaultValue Replica replica) {

    /**
     * From when on operators are told.
     *
     * @param stuckAfter how long a migration may wait for what does not pass by itself
     * @param exposureAfter how long a workload may run while bytes of it lie on its source
     * @param deadlineMargin before a drain's deadline, while it cannot be told when it will be through
     */
    public record Alerts(
            @DefaultValue("10m") Duration stuckAfter,
            @DefaultValue("6h") Duration exposureAfter,
            @DefaultValue("30m") Duration deadlineMargin) {}

    /**
     * How replicas bear with each other and with their database.
     *
     * @param lease how long what one replica does for all, the safety tick above all, is left to it after its last sign; a lease only
     *     schedules
     * @param answerLimit how long the database may take to answer when it is looked whether it is there; one second at least
     * @param statementLimit after which a statement without any answer counts as lost, with its connection; one second at least
     * @param abandonedAfter a transaction in which a replica asks for nothing so long is ended by the database, and its locks with it
     */
    public record Replica(
            @DefaultValue("10s") Duration lease,
            @DefaultValue("5s") Duration answerLimit,
            @DefaultValue("60s") Duration statementLimit,
            @DefaultValue("20s") Duration abandonedAfter) {}

    /** Where PostgreSQL is: a JDBC URL, or {@code embedded}. */
    public record Database(
            @DefaultValue("embedded") String url,
            @DefaultValue("sluice") String user,
            @Nullable Path passwordFile) {
        public boolean embedded() {
            return url.equals("embedded");
        }
    }

    /** One bearer token per role; a file wins nothing over a value, giving both is an error. */
    public record Tokens(
            @Nullable String viewer,
            @Nullable Path viewerFile,
            @Nullable String operator,
            @Nullable Path operatorFile,
            @Nullable String admin,
            @Nullable Path adminFile) {}
}
