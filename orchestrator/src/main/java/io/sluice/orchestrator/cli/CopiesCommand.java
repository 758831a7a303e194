package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.RetainedCopyView;
import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice copies}: what sources still keep of volumes that moved away, and what becomes of it. */
final class CopiesCommand {
    private static final String PATH = "/retained-copies";

    private CopiesCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine copies = new CommandLine(new ListAll(environment));
        copies.getCommandSpec().name("copies");
        return copies.addSubcommand("list", new ListAll(environment))
                .addSubcommand("keep", new Keep(environment))
                .addSubcommand("delete", new Delete(environment));
    }

    private static List<String> table(List<RetainedCopyView> copies) {
        Table table = new Table("VOLUME", "WORKER", "EPOCH", "SIZE", "SINCE", "STATE", "DELETED AT", "MIGRATION");
        for (RetainedCopyView copy : copies) {
            table.row(
                    copy.volume(),
                    copy.worker(),
                    Long.toString(copy.epoch()),
                    Quantities.bytes(copy.bytes()),
                    copy.since(),
                    copy.state().toLowerCase(Locale.ROOT) + (copy.decidedBy() == null ? "" : " by " + copy.decidedBy()),
                    deleted(copy),
                    copy.migration());
        }
        return table.lines();
    }

    private static String deleted(RetainedCopyView copy) {
        return switch (copy.state()) {
            case "KEPT" -> "never";
            case "DELETING" -> "now";
            default -> copy.deletableAt() == null ? "never" : copy.deletableAt();
        };
    }

    @Command(name = "list", description = "List the copies that sources still keep, and when policy deletes them.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read(PATH);
            return answered(answer, () -> table(client.items(answer, RetainedCopyView.class)));
        }
    }

    /** The commands about one copy. */
    abstract static class OfOne extends RestCommand {

        @Parameters(index = "0", paramLabel = "WORKER", description = "The worker that keeps the copy")
        private String worker = "";

        @Parameters(index = "1", paramLabel = "VOLUME", description = "The volume's id")
        private String volume = "";

        @Option(
                names = "--epoch",
                paramLabel = "N",
                description = "Which, where the worker keeps several copies of the volume.")
        private @Nullable Long epoch;

        OfOne(Environment environment) {
            super(environment);
        }

        abstract JsonNode ask(RestClient client, String path);

        @Override
        final ExitCode run(RestClient client) {
            List<RetainedCopyView> found = client.items(client.read(PATH), RetainedCopyView.class).stream()
                    .filter(copy ->
                            copy.worker().equals(worker) && copy.volume().equals(volume))
                    .filter(copy -> epoch == null || epoch == copy.epoch())
                    .toList();
            if (found.size() != 1) {
                throw new UsageProblem(
                        "worker " + worker + " keeps " + (found.isEmpty() ? "no copy" : found.size() + " copies")
                                + " of volume " + volume + (epoch == null ? "" : " of epoch " + epoch),
                        found.isEmpty() ? "see: sluice copies" : "say which with --epoch");
            }
            String path = PATH + "/" + RestClient.segment(worker) + "/" + RestClient.segment(volume) + "/"
                    + found.getFirst().epoch();
            JsonNode answer = ask(client, path);
            return answered(answer, () -> table(List.of(client.as(answer, RetainedCopyView.class))));
        }
    }

    @Command(name = "keep", description = "Keep a copy for good, whatever its policy says.")
    static final class Keep extends OfOne {

        Keep(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/keep", null);
        }
    }

    @Command(name = "delete", description = "Delete a copy now. It cannot be brought back.")
    static final class Delete extends OfOne {

        @Option(names = "--confirm", paramLabel = "VOLUME", required = true, description = "The volume's id once more.")
        private String confirm = "";

        Delete(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/delete", Map.of("confirm", confirm));
        }
    }
}
