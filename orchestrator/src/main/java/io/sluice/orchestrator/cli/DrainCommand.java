package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.PlanView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.progress.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice drain}: shows the plan, starts the drain, and follows it to its end when asked to. */
@Command(
        name = "drain",
        description = "Move everything off a worker. The same again finds the drain that already runs.")
final class DrainCommand extends RestCommand {

    @Parameters(paramLabel = "WORKER", description = "The worker's id, as in: sluice workers")
    private String worker = "";

    @Option(names = "--dry-run", description = "Show the plan and start nothing.")
    private boolean dryRun;

    @Option(names = "--wait", description = "Follow the drain until it is drained, blocked or cancelled.")
    private boolean wait;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who will read it later.")
    private @Nullable String reason;

    @Option(
            names = "--max-per-source",
            paramLabel = "N",
            description = "Migrations under way at once from the worker. Default: the service's.")
    private @Nullable Integer maxPerSource;

    @Option(
            names = "--max-per-destination",
            paramLabel = "N",
            description = "Migrations under way at once to any one destination. Default: the service's.")
    private @Nullable Integer maxPerDestination;

    DrainCommand(Environment environment) {
        super(environment);
    }

    @Override
    ExitCode run(RestClient client) {
        DrainRequest request = new DrainRequest(reason, maxPerSource, maxPerDestination);
        String path = "/workers/" + RestClient.segment(worker) + "/drain";
        return dryRun ? plan(client, path, request) : start(client, path, request);
    }

    private ExitCode plan(RestClient client, String path, DrainRequest request) {
        JsonNode answer = client.send(path + "?dryRun=true", request);
        PlanView plan = client.as(answer, PlanView.class);
        if (json()) {
            print(answer);
        } else {
            print(PlanText.lines(plan));
        }
        return plan.refusals().isEmpty() ? ExitCode.OK : ExitCode.BLOCKED;
    }

    private ExitCode start(RestClient client, String path, DrainRequest request) {
        JsonNode answer = client.send(path, request);
        DrainView drain = client.as(answer, DrainView.class);
        if (!json()) {
            print(PlanText.lines(client.planOf(drain.id())));
            out().println();
            out().println("drain " + drain.id() + " is under way; cancel it with: sluice drains cancel " + drain.id());
            out().flush();
        }
        if (!wait) {
            if (json()) {
                print(answer);
            }
            return ExitCode.OK;
        }
        return json() ? followForJson(client, drain.id()) : exitCode(follow(client, drain.id()));
    }

    private ExitCode followForJson(RestClient client, String drain) {
        DrainView last = new Follower(client).follow(drain, look -> {});
        print(client.read("/drains/" + RestClient.segment(drain)));
        return exitCode(last);
    }

    private DrainView follow(RestClient client, String drain) {
        Terminal terminal = Terminal.detect();
        return new Follower(client)
                .follow(drain, terminal == null ? Follower.log(out()) : Follower.bars(out(), terminal));
    }

    private static ExitCode exitCode(DrainView last) {
        return switch (last.phase()) {
            case DRAINED -> ExitCode.OK;
            case BLOCKED -> ExitCode.BLOCKED;
            case CANCELLED -> ExitCode.CANCELLED;
            case SCHEDULED, PAUSED, RUNNING, EVACUATED, RETAINING, CANCELLING -> ExitCode.FAILED;
        };
    }
}
