package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.WorkerView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All that runs in a demo, how it is started and how it is ended. */
final class DemoFleet {

    /** The server's own default. */
    private static final int PREFERRED_PORT = 8080;

    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(2);
    private static final Duration JOIN_LIMIT = Duration.ofMinutes(3);

    private final Installation installation;
    private final DemoOptions options;
    private final DemoDirectory directory;
    private final DemoService server;
    private final List<DemoWorker> workers;
    private final List<DemoWorkload> workloads;
    private final Map<String, DemoProcess> agents = new LinkedHashMap<>();

    private DemoFleet(
            Installation installation,
            DemoOptions options,
            DemoDirectory directory,
            DemoService server,
            List<DemoWorker> workers,
            List<DemoWorkload> workloads) {
        this.installation = installation;
        this.options = options;
        this.directory = directory;
        this.server = server;
        this.workers = workers;
        this.workloads = workloads;
    }

    /** Starts the orchestrator; the rest follows while it comes up. */
    static DemoFleet start(Installation installation, DemoOptions options, DemoDirectory directory) {
        return below(
                DemoServer.start(installation, directory.root(), PREFERRED_PORT), installation, options, directory);
    }

    /** The fleet below an orchestrator that was started already. */
    static DemoFleet below(
            DemoService server, Installation installation, DemoOptions options, DemoDirectory directory) {
        List<Integer> ports = Ports.free(2 * options.workers());
        List<DemoWorker> workers = IntStream.range(0, options.workers())
                .mapToObj(i -> new DemoWorker(
                        "worker-" + (i + 1),
                        directory.worker("worker-" + (i + 1)),
                        ports.get(2 * i),
                        ports.get(2 * i + 1)))
                .toList();
        List<DemoWorkload> workloads = IntStream.rangeClosed(1, options.volumes())
                .mapToObj(i -> new DemoWorkload("db-" + i, directory.workload("db-" + i)))
                .toList();
        return new DemoFleet(installation, options, directory, server, workers, workloads);
    }

    DemoService server() {
        return server;
    }

    List<DemoWorkload> workloads() {
        return workloads;
    }

    DemoDirectory directory() {
        return directory;
    }

    Installation installation() {
        return installation;
    }

    /** Makes the volumes with their content and the workloads' programs and declarations on the first worker. */
    void prepare() {
        DemoWorker home = workers.getFirst();
        List<DemoProcess> fills = new ArrayList<>();
        for (DemoWorkload workload : workloads) {
            fills.add(fill(home, workload));
            workload.writePrograms(installation);
            home.declare(workload);
        }
        fills.forEach(fill -> fill.awaitSuccess(PREPARE_LIMIT));
    }

    private DemoProcess fill(DemoWorker home, DemoWorkload workload) {
        Texts.write(directory.original(workload.id()), "");
        Texts.write(directory.volume(home.name(), workload.id()), "");
        return DemoProcess.start(
                "making volume " + workload.id(),
                installation.exerciser(List.of(
                        "fill",
                        directory.volume(home.name(), workload.id()).toString(),
                        Long.toString(options.sizeBytes()),
                        Long.toString(workload.id().hashCode()),
                        directory.original(workload.id()).toString())),
                directory.root().resolve("prepare.log"));
    }

    void startAgents() {
        for (DemoWorker worker : workers) {
            worker.writeConfiguration(server, options.poolBytes(), options.hydrationBytesPerSecond());
            worker.writeRestartProgram(worker.command(installation));
            startAgent(worker.name());
        }
    }

    /** Starts that worker's agent, for the first time or again. */
    void startAgent(String name) {
        DemoWorker worker = workers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DemoFailure("there is no " + name));
        agents.put(name, DemoProcess.start(name + "'s agent", worker.command(installation), worker.log()));
    }

    /** SIGKILL: whatever it is doing, it does no more of it. */
    void killAgent(String name) {
        agent(name).kill();
    }

    private DemoProcess agent(String name) {
        DemoProcess agent = agents.get(name);
        if (agent == null) {
            throw new DemoFailure(name + "'s agent was never started");
        }
        return agent;
    }

    void awaitWorking(RestClient client) {
        Await.until("all agents have registered and all workloads run", JOIN_LIMIT, () -> {
            server.requireAlive();
            agents.values().forEach(DemoProcess::requireAlive);
            List<WorkerView> views = client.workers();
            return views.size() == workers.size() && running(views) == workloads.size();
        });
        awaitWriting();
    }

    void awaitWriting() {
        Await.until(
                "every workload writes", JOIN_LIMIT, () -> workloads.stream().allMatch(DemoWorkload::isWriting));
    }

    private static int running(List<WorkerView> views) {
        return views.stream()
                .mapToInt(view -> view.runningWorkloads() == null ? 0 : view.runningWorkloads())
                .sum();
    }

    Stream<Path> agentLogs() {
        return workers.stream().map(DemoWorker::log);
    }

    /** Where an agent's process and the program that starts it again are, for whoever wants to break something. */
    List<String> handles() {
        return workers.stream()
                .map(worker -> worker.name() + ": agent pid "
                        + agent(worker.name()).pid() + "; start it again with " + worker.restartProgram())
                .toList();
    }

    /** Ends everything: workloads first, so that none waits for a disk that is gone. */
    void stop() {
        workloads.forEach(DemoWorkload::end);
        workers.forEach(DemoWorker::stopRestarted);
        agents.values().forEach(DemoProcess::askToStop);
        server.askToStop();
        agents.values().forEach(DemoProcess::stop);
        server.stop();
    }
}
