package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.VolumeView;
import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code sluice volumes}: every copy of every volume, and who owns it. */
@Command(name = "list", description = "List the volumes: where each lies, what owns it, how much of it holds data.")
final class VolumesCommand extends RestCommand {

    private VolumesCommand(Environment environment) {
        super(environment);
    }

    static CommandLine of(Environment environment) {
        CommandLine volumes = new CommandLine(new VolumesCommand(environment));
        volumes.getCommandSpec().name("volumes");
        return volumes.addSubcommand("list", new VolumesCommand(environment));
    }

    @Override
    ExitCode run(RestClient client) {
        JsonNode answer = client.read("/volumes");
        return answered(
                answer, () -> table(client.items(answer, VolumeView.class)).lines());
    }

    private static Table table(List<VolumeView> volumes) {
        Table table =
                new Table("VOLUME", "WORKER", "POOL", "SIZE", "ALLOCATED", "ROLE", "EPOCH", "WORKLOAD", "MIGRATION");
        for (VolumeView volume : volumes) {
            table.row(
                    volume.id(),
                    volume.worker(),
                    volume.pool(),
                    Quantities.bytes(volume.sizeBytes()),
                    Quantities.bytes(volume.allocatedBytes()),
                    volume.role().toLowerCase(Locale.ROOT) + (volume.conflict() ? " (CONFLICT)" : ""),
                    volume.epoch() == null ? Quantities.UNKNOWN : volume.epoch().toString(),
                    volume.workload() == null ? "-" : volume.workload(),
                    volume.migration() == null ? "-" : volume.migration());
        }
        return table;
    }
}
