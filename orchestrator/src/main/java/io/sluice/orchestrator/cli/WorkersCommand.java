package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.WorkerView;
import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice workers}: what hosts there are, and whether anything may land on them. */
final class WorkersCommand {

    private WorkersCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine workers = new CommandLine(new ListAll(environment));
        workers.getCommandSpec().name("workers");
        return workers.addSubcommand("list", new ListAll(environment))
                .addSubcommand("show", new Show(environment))
                .addSubcommand("cordon", new Cordon(environment))
                .addSubcommand("uncordon", new Uncordon(environment))
                .addSubcommand("write-off", new WriteOff(environment))
                .addSubcommand("reinstate", new Reinstate(environment));
    }

    @Command(name = "list", description = "List the workers with their state and room.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/workers");
            return answered(
                    answer, () -> table(client.items(answer, WorkerView.class)).lines());
        }

        private static Table table(List<WorkerView> workers) {
            Table table = new Table("WORKER", "STATUS", "AGENT", "WORKLOADS", "VOLUMES", "COMMITTED", "FREE", "DRAIN");
            for (WorkerView worker : workers) {
                table.row(
                        worker.id(),
                        WorkerText.status(worker),
                        worker.connected() ? "connected" : "silent " + Quantities.seconds(worker.lastSeenSeconds()),
                        of(worker.runningWorkloads(), worker.workloads()),
                        count(worker.volumes()),
                        Quantities.bytes(sum(worker, true)),
                        Quantities.bytes(sum(worker, false)),
                        worker.drain() == null ? "-" : worker.drain());
            }
            return table;
        }

        private static String of(@Nullable Integer part, @Nullable Integer whole) {
            return part == null && whole == null
                    ? Quantities.UNKNOWN
                    : count(part) + " of " + count(whole) + " running";
        }

        private static String count(@Nullable Integer count) {
            return count == null ? Quantities.UNKNOWN : count.toString();
        }

        private static @Nullable Long sum(WorkerView worker, boolean committed) {
            long sum = 0;
            for (WorkerView.Pool pool : worker.pools()) {
                Long bytes = committed ? pool.committedBytes() : pool.freeBytes();
                if (bytes == null) {
                    return null;
                }
                sum += bytes;
            }
            return worker.pools().isEmpty() ? null : sum;
        }
    }

    /** The commands about one worker; all answer with how it stands afterwards. */
    abstract static class OfOne extends RestCommand {

        @Parameters(paramLabel = "WORKER", description = "The worker's id, as in: sluice workers")
        private String worker = "";

        OfOne(Environment environment) {
            super(environment);
        }

        abstract JsonNode ask(RestClient client, String path);

        @Override
        final ExitCode run(RestClient client) {
            JsonNode answer = ask(client, "/workers/" + RestClient.segment(worker));
            return answered(answer, () -> WorkerText.lines(client.as(answer, WorkerView.class)));
        }
    }

    @Command(name = "show", description = "Show one worker: its pools, what runs there, what fails.")
    static final class Show extends OfOne {

        Show(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.read(path);
        }
    }

    @Command(name = "cordon", description = "Let nothing new land on a worker. What is there stays: this is no drain.")
    static final class Cordon extends OfOne {

        Cordon(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/cordon", null);
        }
    }

    @Command(name = "uncordon", description = "Let volumes land on a worker again.")
    static final class Uncordon extends OfOne {

        Uncordon(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/uncordon", null);
        }
    }

    /** What is asked of one worker with a reason. */
    abstract static class Explained extends OfOne {

        @Mixin
        private final ReasonOption reason = new ReasonOption();

        private final String what;

        Explained(Environment environment, String what) {
            super(environment);
            this.what = what;
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/" + what, reason.body());
        }
    }

    @Command(
            name = "write-off",
            description =
                    "Say that a worker which is lost does not come back: what waits for it alone goes on without it."
                            + " Nothing is deleted.")
    static final class WriteOff extends Explained {

        WriteOff(Environment environment) {
            super(environment, "write-off");
        }
    }

    @Command(
            name = "reinstate",
            description =
                    "Take a worker that was written off back. It stays cordoned; a workload that was stopped on it and"
                            + " went nowhere starts there again.")
    static final class Reinstate extends Explained {

        Reinstate(Environment environment) {
            super(environment, "reinstate");
        }
    }
}
