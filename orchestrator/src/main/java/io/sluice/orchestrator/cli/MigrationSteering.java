package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.MigrationView;
import io.sluice.orchestrator.cli.client.RestClient;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What {@code sluice migrations} asks of one migration that is under way, or was given up. */
final class MigrationSteering {

    private MigrationSteering() {}

    static CommandLine addTo(CommandLine migrations, Environment environment) {
        return migrations
                .addSubcommand("hold", new Hold(environment))
                .addSubcommand("resume", new Resume(environment))
                .addSubcommand("abort", new Abort(environment))
                .addSubcommand("retry", new Retry(environment));
    }

    /** What is asked of one migration, and why; answers with how it stands afterwards. */
    abstract static class Asked extends RestCommand {

        @Parameters(paramLabel = "MIGRATION", description = "The migration's id, as in: sluice migrations")
        private String migration = "";

        @Mixin
        private final ReasonOption reason = new ReasonOption();

        private final String what;

        Asked(Environment environment, String what) {
            super(environment);
            this.what = what;
        }

        @Override
        final ExitCode run(RestClient client) {
            JsonNode answer = client.send("/migrations/" + RestClient.segment(migration) + "/" + what, reason.body());
            return answered(answer, () -> MigrationsCommand.Show.lines(client.as(answer, MigrationView.class)));
        }
    }

    @Command(name = "hold", description = "Keep a migration from its cutover; what comes before it goes on.")
    static final class Hold extends Asked {

        Hold(Environment environment) {
            super(environment, "hold");
        }
    }

    @Command(name = "resume", description = "Let a held migration go on.")
    static final class Resume extends Asked {

        Resume(Environment environment) {
            super(environment, "resume");
        }
    }

    @Command(
            name = "abort",
            description =
                    "Give a migration up while that is possible; its workload stays where it is until it is retried.")
    static final class Abort extends Asked {

        Abort(Environment environment) {
            super(environment, "abort");
        }
    }

    @Command(
            name = "retry",
            description = "Try again what an aborted migration was to move, however often it failed before.")
    static final class Retry extends Asked {

        Retry(Environment environment) {
            super(environment, "retry");
        }
    }
}
