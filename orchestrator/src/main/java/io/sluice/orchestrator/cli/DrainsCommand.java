package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.progress.Look;
import io.sluice.orchestrator.cli.progress.ProgressView;
import io.sluice.orchestrator.cli.progress.Quantities;
import io.sluice.orchestrator.cli.progress.Terminal;
import io.sluice.orchestrator.cli.progress.Words;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                .addSubcommand("pause", new Pause(environment))
                .addSubcommand("resume", new Resume(environment))
                .addSubcommand("cancel", new Cancel(environment))
                .addSubcommand("limits", new ChangeLimits(environment))
                .addSubcommand("actions", new Actions(environment));
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
                        drain.phase().resting() ? "-" : Words.eta(drain.eta(), drain.etaSeconds()),
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

    /** What is asked of a drain, and why. */
    abstract static class Asked extends OfOne {

        @Mixin
        private final ReasonOption reason = new ReasonOption();

        private final String what;

        Asked(Environment environment, String what) {
            super(environment);
            this.what = what;
        }

        @Override
        final JsonNode ask(RestClient client, String path) {
            return client.send(path + "/" + what, reason.body());
        }
    }

    @Command(
            name = "pause",
            description =
                    "Let nothing of a drain begin or cut over until it is resumed; what has cut over goes on to its end.")
    static final class Pause extends Asked {

        Pause(Environment environment) {
            super(environment, "pause");
        }
    }

    @Command(name = "resume", description = "Let a paused drain go on.")
    static final class Resume extends Asked {

        Resume(Environment environment) {
            super(environment, "resume");
        }
    }

    @Command(
            name = "limits",
            description =
                    "Change what a drain keeps to while it runs. What is not named stays; the time none, and the window"
                            + " none, take it away.")
    static final class ChangeLimits extends OfOne {

        @Mixin
        private final LimitOptions limits = new LimitOptions();

        ChangeLimits(Environment environment) {
            super(environment);
        }

        @Override
        JsonNode ask(RestClient client, String path) {
            if (!limits.given()) {
                throw new UsageProblem("nothing says what to change", "give a limit, as in --max-per-source 4");
            }
            return client.change(path, limits.limits(), limits::clears);
        }
    }

    @Command(name = "actions", description = "List what operators asked of a drain, and why, newest first.")
    static final class Actions extends RestCommand {

        @Parameters(paramLabel = "DRAIN", description = "The drain's id, as in: sluice drains")
        private String drain = "";

        Actions(Environment environment) {
            super(environment);
        }

        @Override
        ExitCode run(RestClient client) {
            JsonNode answer = client.read("/drains/" + RestClient.segment(drain) + "/actions");
            return answered(answer, () -> {
                Table table = new Table("AT", "WHO", "WHAT", "MIGRATION", "REASON");
                for (JsonNode action : answer.path("items")) {
                    table.row(
                            action.path("at").asString(),
                            action.path("actor").asString(),
                            action.path("action").asString().toLowerCase(Locale.ROOT),
                            action.path("migration").isNull()
                                    ? "-"
                                    : action.path("migration").asString(),
                            action.path("reason").asString());
                }
                return table.lines();
            });
        }
    }

    @Command(
            name = "cancel",
            description = "Cancel a drain: what has not cut over goes back; what runs on its destination already is"
                    + " finished, because there is no safe way back.")
    static final class Cancel extends Asked {

        Cancel(Environment environment) {
            super(environment, "cancel");
        }
    }
}
