package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What was done on the hosts, counted there: by the workloads' own programs, and in the agents' logs. */
final class Effects {
    /** Of these the machine asks for exactly one in each migration, on one of its two hosts. */
    private static final List<String> ONCE = List.of(
            "CreateVolume",
            "StopWorkload",
            "RaiseClone",
            "DeclareWorkload",
            "StartWorkload",
            "VerifyClone",
            "CloseExport",
            "RemoveWorkload");

    private static final Pattern DONE = Pattern.compile("action done action=(\\w+) lane=\"([^\"]+)\"");

    private final DemoFleet fleet;
    private final Map<String, Integer> migrations = new TreeMap<>();

    Effects(DemoFleet fleet) {
        this.fleet = fleet;
    }

    /** A drain has moved this workload once more. */
    void moved(String workload) {
        migrations.merge(workload, 1, Integer::sum);
    }

    /** Each workload was stopped once and started once for each time it moved, and nothing else was done twice. */
    void requireExactlyOnce() {
        int all = migrations.values().stream().mapToInt(Integer::intValue).sum();
        for (DemoWorkload workload : fleet.workloads()) {
            int moves = migrations.getOrDefault(workload.id(), 0);
            List<String> calls = workload.calls();
            List<String> expected = new ArrayList<>(List.of("launched"));
            for (int i = 0; i < moves; i++) {
                expected.addAll(List.of("stopped", "launched"));
            }
            assertThat(calls).as("calls of the programs of " + workload.id()).isEqualTo(expected);
        }
        Map<String, Integer> counted = new TreeMap<>();
        fleet.agentLogs()
                .flatMap(log -> Texts.read(log).lines())
                .flatMap(Effects::action)
                .forEach(action -> counted.merge(action, 1, Integer::sum));
        for (String action : ONCE) {
            // the agents start the workloads, too, when they come up
            int before = action.equals("StartWorkload") ? fleet.workloads().size() : 0;
            assertThat(counted.getOrDefault(action, 0))
                    .as(action + " in " + all + " migrations; all actions: " + counted)
                    .isEqualTo(all + before);
        }
    }

    private static Stream<String> action(String line) {
        Matcher matcher = DONE.matcher(line);
        return matcher.find() ? Stream.of(matcher.group(1)) : Stream.empty();
    }
}
