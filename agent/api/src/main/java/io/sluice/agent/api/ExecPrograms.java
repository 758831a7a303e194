package io.sluice.agent.api;

import java.util.List;
import java.util.Map;

/**
 * The {@code exec} driver's programs, each an argument list (no shell).
 *
 * @param environment added to the environment that the agent documents for each program
 */
public record ExecPrograms(
        List<String> start, List<String> stop, List<String> status, Map<String, String> environment) {
    public ExecPrograms {
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        status = List.copyOf(status);
        environment = Map.copyOf(environment);
    }
}
