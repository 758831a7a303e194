package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainRequest;
import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.PlanView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.progress.Terminal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice drain}: shows the plan, starts drains, and follows them to their end when asked to. */
@Command(
        name = "drain",
        description =
                "Move everything off one worker, or off several together. The same again finds the drain that already"
                        + " runs.")
final class DrainCommand extends RestCommand {

    /** What the worker is drained for. */
    enum Mode {
        MAINTENANCE,
        DECOMMISSION
    }

    @Parameters(
            paramLabel = "WORKER",
            arity = "0..*",
            description =
                    "The workers' ids, as in: sluice workers. Several are placed together, never onto each other.")
    private List<String> workers = List.of();

    @Option(
            names = "--selector",
            paramLabel = "TERMS",
            description = "Instead of ids: terms that must all hold, of labels, region, zone and rack, as in"
                    + " rack=r07,kernel!=6.12,gpu")
    private @Nullable String selector;

    @Option(
            names = "--plan",
            paramLabel = "ID",
            description = "Do exactly what this dry run said, or nothing if that is not possible any more.")
    private @Nullable String plan;

    @Option(names = "--dry-run", description = "Show the plan and start nothing. It is kept for a day; see --plan.")
    private boolean dryRun;

    @Option(names = "--wait", description = "Follow the drains until they are drained, blocked or cancelled.")
    private boolean wait;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who will read it later.")
    private @Nullable String reason;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "maintenance (default): the worker comes back. decommission: it does not; it is safe to power off once"
                            + " retired copies are deleted too, and stays cordoned.")
    private @Nullable Mode mode;

    @Option(
            names = "--retain",
            paramLabel = "SECONDS",
            description = "How long the copies that stay on the worker are kept. Default: the service's.")
    private @Nullable Long retainSeconds;

    @Option(
            names = "--keep-copies",
            description = "Keep the copies that stay on the worker until somebody deletes them; see: sluice copies")
    private boolean keepCopies;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    DrainCommand(Environment environment) {
        super(environment);
    }

    @Override
    ExitCode run(RestClient client) {
        int ways = (workers.isEmpty() ? 0 : 1) + (selector == null ? 0 : 1) + (plan == null ? 0 : 1);
        if (ways != 1) {
            throw new UsageProblem(
                    ways == 0 ? "nothing says what to drain" : "only one may say what to drain",
                    "name workers, or give --selector or --plan; see sluice drain --help");
        }
        if (plan != null && (dryRun || reason != null || mode != null || limits.given() || options() != null)) {
            throw new UsageProblem("--plan says everything", "leave out every other option but --wait and --output");
        }
        return dryRun ? showPlans(client) : start(client);
    }

    /** One worker has a place of its own in the API; several are asked for together. */
    private boolean alone() {
        return workers.size() == 1;
    }

    private JsonNode ask(RestClient client, String query) {
        String asked = mode == null ? null : mode.name();
        DrainRequest.Limits wish = plan == null ? limits.limits() : null;
        return alone()
                ? client.send(
                        "/workers/" + RestClient.segment(workers.getFirst()) + "/drain" + query,
                        new DrainRequest(null, null, null, reason, asked, wish, options()))
                : client.send(
                        "/drains" + query,
                        new DrainRequest(
                                workers.isEmpty() ? null : workers, selector, plan, reason, asked, wish, options()));
    }

    private DrainRequest.@Nullable Options options() {
        DrainRequest.Options given = new DrainRequest.Options(retainSeconds, keepCopies ? Boolean.TRUE : null);
        return given.equals(DrainRequest.Options.NONE) ? null : given;
    }

    private ExitCode showPlans(RestClient client) {
        JsonNode answer = ask(client, "?dryRun=true");
        List<PlanView> plans = new ArrayList<>();
        if (alone()) {
            plans.add(client.as(answer, PlanView.class));
        } else {
            answer.path("plans").forEach(one -> plans.add(client.as(one, PlanView.class)));
        }
        if (json()) {
            print(answer);
        } else {
            plans.forEach(one -> print(PlanText.lines(one)));
            out().println("do exactly this within a day with: sluice drain --plan "
                    + plans.getFirst().id());
        }
        return plans.stream().allMatch(one -> one.refusals().isEmpty()) ? ExitCode.OK : ExitCode.BLOCKED;
    }

    private ExitCode start(RestClient client) {
        JsonNode answer = ask(client, "");
        List<DrainView> drains =
                alone() ? List.of(client.as(answer, DrainView.class)) : client.items(answer, DrainView.class);
        if (!json()) {
            drains.forEach(drain -> tell(client, drain));
        }
        if (!wait) {
            if (json()) {
                print(answer);
            }
            return ExitCode.OK;
        }
        ExitCode worst = ExitCode.OK;
        for (DrainView drain : drains) {
            ExitCode ended = json() ? followForJson(client, drain.id()) : exitCode(follow(client, drain.id()));
            worst = worst == ExitCode.OK ? ended : worst;
        }
        return worst;
    }

    private void tell(RestClient client, DrainView drain) {
        print(PlanText.lines(client.planOf(drain.id())));
        out().println();
        out().println("drain " + drain.id() + " is under way; cancel it with: sluice drains cancel " + drain.id());
        out().flush();
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
