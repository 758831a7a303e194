package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.StateView;
import io.sluice.orchestrator.cli.progress.Quantities;
import io.sluice.orchestrator.cli.progress.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice migrations}: each workload's way from its source to its destination. */
final class MigrationsCommand {

    private MigrationsCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine migrations = MigrationSteering.addTo(new CommandLine(new ListAll(environment)), environment);
        migrations.getCommandSpec().name("migrations");
        return migrations
                .addSubcommand("list", new ListAll(environment))
                .addSubcommand("show", new Show(environment))
                .addSubcommand("states", new States(environment));
    }

    @Command(name = "list", description = "List the migrations.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/migrations");
            return answered(
                    answer,
                    () -> table(client.items(answer, MigrationView.class)).lines());
        }

        private static Table table(List<MigrationView> migrations) {
            Table table = new Table(
                    "MIGRATION", "SUBJECT", "FROM", "TO", "STATE", "FOR", "HYDRATED", "INTERRUPTED", "REASON");
            for (MigrationView migration : migrations) {
                table.row(
                        migration.id(),
                        migration.subject(),
                        migration.source(),
                        migration.destination(),
                        migration.state().toLowerCase(Locale.ROOT),
                        Quantities.seconds(migration.sinceSeconds()),
                        Quantities.bytes(migration.progress().hydratedBytes()) + " of "
                                + Quantities.bytes(migration.progress().totalBytes()),
                        migration.interruptionMs() == null ? "-" : Quantities.millis(migration.interruptionMs()),
                        migration.reason() == null ? "" : migration.reason().code());
            }
            return table;
        }
    }

    @Command(name = "states", description = "List the states that a migration goes through, in their order.")
    static final class States extends RestCommand {

        States(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/migration-states");
            return answered(answer, () -> {
                Table table = new Table("STATE", "KIND");
                client.items(answer, StateView.class).forEach(state -> table.row(state.state(), state.kind()));
                return table.lines();
            });
        }
    }

    @Command(name = "show", description = "Show one migration with its history and its verification.")
    static final class Show extends RestCommand {

        @Parameters(paramLabel = "MIGRATION", description = "The migration's id, as in: sluice migrations")
        private String migration = "";

        Show(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/migrations/" + RestClient.segment(migration));
            return answered(answer, () -> lines(client.as(answer, MigrationView.class)));
        }

        static List<String> lines(MigrationView migration) {
            MigrationView.Progress progress = migration.progress();
            List<String> lines = new ArrayList<>();
            lines.add(migration.id() + ": " + migration.subject() + ", " + migration.source() + " -> "
                    + migration.destination() + migration.purpose() + ", "
                    + migration.state().toLowerCase(Locale.ROOT) + " for "
                    + Quantities.seconds(migration.sinceSeconds()));
            lines.add("  engine       " + Words.engine(migration.engine()));
            lines.add("  hydrated     " + Quantities.bytes(progress.hydratedBytes()) + " of "
                    + Quantities.bytes(progress.totalBytes()));
            lines.add("  bytes        " + Quantities.bytes(progress.allocatedBytes()) + " allocated, "
                    + Quantities.bytes(progress.copiedBytes()) + " copied, "
                    + Quantities.bytes(progress.skippedBytes()) + " skipped, "
                    + Quantities.bytes(progress.writtenBytes()) + " written by the workload");
            lines.add("  exposure     " + Quantities.bytes(progress.exposureBytes()) + ", ETA "
                    + Words.eta(migration.eta(), progress.etaSeconds()));
            lines.add("  interrupted  "
                    + (migration.interruptionMs() == null ? "-" : Quantities.millis(migration.interruptionMs())));
            lines.add("  verified     " + verification(migration));
            MigrationView.Reason reason = migration.reason();
            if (reason != null) {
                lines.add("  held by      " + reason.code() + " for " + Quantities.seconds(reason.sinceSeconds()) + ": "
                        + reason.message());
                lines.add("  remedy       " + (reason.remedy() == null ? "-" : reason.remedy()));
            }
            lines.addAll(history(migration).lines());
            return lines;
        }

        private static String verification(MigrationView migration) {
            MigrationView.Verification verified = migration.verification();
            return verified == null
                    ? "not yet"
                    : verified.verifiedRegions() + " regions as the source sent them, " + verified.writtenRegions()
                            + " written here, " + verified.holeRegions() + " holes, "
                            + verified.mismatchedRegions() + " mismatched";
        }

        private static Table history(MigrationView migration) {
            Table table = new Table("AT", "STATE", "AFTER", "REASON");
            for (MigrationView.Transition step : migration.history()) {
                table.row(
                        step.at(),
                        step.to().toLowerCase(Locale.ROOT),
                        step.millisInPrevious() == null ? "-" : Quantities.millis(step.millisInPrevious()),
                        step.reason() == null ? "" : step.reason());
            }
            return table;
        }
    }
}
