package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.PlanView;
import io.sluice.orchestrator.cli.client.RestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice plans}: dry runs that are kept, and why something goes where it goes. {@code sluice drain --dry-run} makes one. */
final class PlansCommand {

    private PlansCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine plans = new CommandLine(new Choose(environment));
        return plans.addSubcommand("show", new Show(environment)).addSubcommand("others", new Others(environment));
    }

    @Command(name = "plans", description = "Dry runs that were made within a day; sluice drain --dry-run makes one.")
    static final class Choose extends RestCommand {

        Choose(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            throw new UsageProblem("a command is missing", "see sluice plans --help");
        }
    }

    @Command(name = "show", description = "Show a dry run that was made within a day.")
    static final class Show extends RestCommand {

        @Parameters(paramLabel = "PLAN", description = "The id that sluice drain --dry-run printed.")
        private String plan = "";

        Show(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/plans/" + RestClient.segment(plan));
            return answered(answer, () -> {
                List<String> lines = new ArrayList<>();
                answer.path("plans").forEach(one -> lines.addAll(PlanText.lines(client.as(one, PlanView.class))));
                return lines;
            });
        }
    }

    @Command(
            name = "others",
            description = "Show why each other worker does not get a workload or a volume, as the fleet is now.")
    static final class Others extends RestCommand {

        @Parameters(index = "0", paramLabel = "PLAN", description = "The id that sluice drain --dry-run printed.")
        private String plan = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "A workload's id, or that of a volume without one.")
        private String name = "";

        Others(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer =
                    client.read("/plans/" + RestClient.segment(plan) + "/others?of=" + RestClient.segment(name));
            return answered(answer, () -> {
                Table table = new Table("WORKER", "CODE", "WHY NOT");
                for (JsonNode other : answer.path("others")) {
                    table.row(
                            other.path("worker").asString(),
                            other.path("code").asString().toLowerCase(Locale.ROOT),
                            other.path("message").asString());
                }
                return table.lines();
            });
        }
    }
}
