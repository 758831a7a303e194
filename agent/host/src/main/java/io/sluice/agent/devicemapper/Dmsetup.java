package io.sluice.agent.devicemapper;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each operation one run of the program {@code dmsetup}. */
final class Dmsetup implements DeviceControl {
    /**
     * Nodes are made by {@code dmsetup} itself and there when it returns: udev may be slow, or not run, and what it is told
     * of our devices {@link ScanRules} say.
     */
    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C", "DM_DISABLE_UDEV", "1");

    private final Commands commands;

    Dmsetup(Commands commands) {
        this.commands = commands;
    }

    @Override
    public CommandResult run(DeviceOperation operation, Duration limit) {
        List<String> line = new ArrayList<>(List.of("dmsetup"));
        line.addAll(operation.words());
        return commands.run(new Command(line, ENVIRONMENT, limit, Command.Output.Captured.REPORT, Command.Input.NONE));
    }
}
