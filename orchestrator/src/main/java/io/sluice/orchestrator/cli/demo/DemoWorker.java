package io.sluice.orchestrator.cli.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One worker of the demo: its folder, its ports, its agent's configuration. */
record DemoWorker(String name, Path directory, int portalPort, int diskPort) {

    Path log() {
        return directory.resolve("agent.log");
    }

    private Path configuration() {
        return directory.resolve("agent.yaml");
    }

    private Path declarations() {
        return directory.resolve("workloads.d");
    }

    Path restartProgram() {
        return directory.resolve("start-agent");
    }

    private Path restartedPid() {
        return directory.resolve("restarted.pid");
    }

    void declare(DemoWorkload workload) {
        Texts.write(declarations().resolve(workload.id() + ".yaml"), """
                id: %s
                volumes: [%s]
                driver: exec
                programs:
                  start: [%s]
                  stop: [%s]
                  status: [%s]
                stopGraceSeconds: 30
                startGraceSeconds: 30
                """.formatted(
                        workload.id(),
                        workload.id(),
                        workload.program("start"),
                        workload.program("stop"),
                        workload.program("status")));
    }

    void writeConfiguration(DemoService server, long capacityBytes, @Nullable Long hydrationBytesPerSecond) {
        Texts.write(configuration(), """
                orchestrator:
                  urls: [%s]
                  joinTokenFile: %s
                stateDirectory: %s
                name: %s
                location:
                  region: demo
                  zone: here
                  rack: %s
                portal:
                  bind: 127.0.0.1:%d
                diskPortal:
                  bind: 127.0.0.1:%d
                disks: portal
                pools:
                  - name: local
                    kind: directory
                    path: %s
                    capacity: %dM
                workloadsDirectory: %s
                %s""".formatted(
                        server.urls().stream().map(URI::toString).collect(Collectors.joining(", ")),
                        server.tokenFile("join"),
                        directory.resolve("state"),
                        name,
                        "rack-" + name,
                        portalPort,
                        diskPort,
                        directory.resolve("pool"),
                        capacityBytes >> 20,
                        declarations(),
                        hydrationBytesPerSecond == null
                                ? ""
                                : "limits:\n  hydrationBytesPerSecond: " + hydrationBytesPerSecond + "\n"));
    }

    List<String> command(Installation installation) {
        return installation.agent(List.of("--config", configuration().toString()));
    }

    /** For whoever kills the agent to see what happens: the same command again, detached from the demo. */
    void writeRestartProgram(List<String> command) {
        String quoted = command.stream().map(DemoWorkload::quoted).collect(Collectors.joining(" "));
        Texts.writeProgram(restartProgram(), """
                #!/bin/sh
                setsid %s >> %s 2>&1 < /dev/null &
                echo $! > %s
                """.formatted(
                        quoted, DemoWorkload.quoted(log()), DemoWorkload.quoted(restartedPid())));
    }

    /** Ends an agent that was started again by hand. */
    void stopRestarted() {
        if (Files.exists(restartedPid())) {
            Signals.send("TERM", Texts.read(restartedPid()).strip());
        }
    }
}
