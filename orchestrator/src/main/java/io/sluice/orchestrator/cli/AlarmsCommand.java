package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.AlarmView;
import io.sluice.orchestrator.cli.client.RestClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code sluice alarms}: what somebody should look at. */
@Command(name = "list", description = "List what is alarming right now, and what to do.")
final class AlarmsCommand extends RestCommand {

    private AlarmsCommand(Environment environment) {
        super(environment);
    }

    static CommandLine of(Environment environment) {
        CommandLine alarms = new CommandLine(new AlarmsCommand(environment));
        alarms.getCommandSpec().name("alarms");
        return alarms;
    }

    @Override
    ExitCode run(RestClient client) {
        JsonNode answer = client.read("/alarms");
        return answered(answer, () -> lines(client.items(answer, AlarmView.class)));
    }

    private static List<String> lines(List<AlarmView> alarms) {
        List<String> lines = new ArrayList<>();
        for (AlarmView alarm : alarms) {
            lines.add(alarm.kind() + "  " + alarm.subject() + "  since " + alarm.since());
            lines.add("  " + alarm.message());
            lines.add("  remedy: " + alarm.remedy());
        }
        if (lines.isEmpty()) {
            lines.add("nothing is alarming");
        }
        return lines;
    }
}
