package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.progress.Look;
import io.sluice.orchestrator.cli.progress.ProgressView;
import io.sluice.orchestrator.cli.progress.Quantities;
import io.sluice.orchestrator.cli.progress.Terminal;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sluice drains}: the drains there are and were. {@code sluice drain} starts one. */
final class DrainsCommand {

    private DrainsCommand() {}

    static CommandLine of(Environment environment) {
        CommandLine drains = new CommandLine(new ListAll(environment));
        drains.getCommandSpec().name("drains");
        return drains.addSubcommand("list", new ListAll(environment))
                .addSubcommand("show", new Show(environment))
                .addSubcommand("cancel", new Cancel(environment));
    }

    @Command(name = "list", description = "List the drains.")
    static final class ListAll extends RestCommand {

        ListAll(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/drains");
            return answered(
                    answer, () -> table(client.items(answer, DrainView.class)).lines());
        }

        private static Table table(List<DrainView> drains) {
            Table table =
                    new Table("DRAIN", "WORKER", "PHASE", "DONE", "HYDRATED", "EXPOSURE", "ETA", "POWER OFF", "REASON");
            for (DrainView drain : drains) {
                table.row(
                        drain.id(),
                        drain.worker(),
                        drain.phase().name().toLowerCase(Locale.ROOT),
                        drain.counts().done() + " of " + drain.counts().total(),
                        Quantities.bytes(drain.bytes().hydrated()) + " of "
                                + Quantities.bytes(drain.bytes().total()),
                        Quantities.bytes(drain.exposureBytes()),
                        drain.phase().resting() ? "-" : Quantities.seconds(drain.etaSeconds()),
                        drain.safeToPowerOff().value() ? "safe" : "not safe",
                        drain.reason() == null ? "" : drain.reason());
            }
            return table;
        }
    }

    /** The commands about one drain. */
    abstract static class OfOne extends RestCommand {

        @Parameters(paramLabel = "DRAIN", description = "The drain's id, as in: sluice drains")
        private String drain = "";

        OfOne(Environment environment) {
            super(environment);
        }

        abstract JsonNode ask(RestClient client, String path);

        @Override
        final ExitCode run(RestClient client) {
            JsonNode answer = ask(client, "/drains/" + RestClient.segment(drain));
            return answered(answer, () -> text(client.as(answer, DrainView.class)));
        }

        private static List<String> text(DrainView drain) {
            Terminal terminal = Terminal.detect();
            return new ProgressView(terminal == null ? Look.plain() : terminal.look()).lines(drain);
        }
    }

    @Command(name = "show", description = "Show how far a drain is and what holds it up.")
    static final class Show extends OfOne {

        Show(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.read(path);
        }
    }

    @Command(
            name = "cancel",
            description = "Cancel a drain: what has not cut over goes back; what runs on its destination already is"
                    + " finished, because there is no safe way back.")
    static final class Cancel extends OfOne {

        Cancel(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            return client.send(path + "/cancel", null);
        }
    }
}
