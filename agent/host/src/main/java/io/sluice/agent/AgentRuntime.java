package io.sluice.agent;

import io.sluice.agent.AgentConfiguration.DiskMode;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.attach.CloneDirectory;
import io.sluice.agent.attach.EngineClones;
import io.sluice.agent.attach.IscsiSources;
import io.sluice.agent.attach.PortableClones;
import io.sluice.agent.check.HostAbilities;
import io.sluice.agent.check.HostProbe;
import io.sluice.agent.clone.CloneOptions;
import io.sluice.agent.clone.kernel.KernelClones;
import io.sluice.agent.command.Commands;
import io.sluice.agent.command.ProcessCommands;
import io.sluice.agent.export.DiskFronts;
import io.sluice.agent.export.DiskSecrets;
import io.sluice.agent.export.ExportServer;
import io.sluice.agent.export.PortalTargets;
import io.sluice.agent.ledger.Ledger;
import io.sluice.agent.metrics.MetricsServer;
import io.sluice.agent.reconcile.AgentIdentity;
import io.sluice.agent.reconcile.CappedClones;
import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.HostAgent;
import io.sluice.agent.reconcile.HostPorts;
import io.sluice.agent.sync.HttpOrchestrator;
import io.sluice.agent.sync.Registrar;
import io.sluice.agent.sync.SteadyClock;
import io.sluice.agent.sync.SyncLoop;
import io.sluice.agent.sync.Wakeup;
import io.sluice.agent.sync.WorkerIdentity;
import io.sluice.agent.volume.DirectoryPools;
import io.sluice.agent.volume.HostPools;
import io.sluice.agent.volume.Pools;
import io.sluice.agent.volume.lvm.LvmPools;
import io.sluice.agent.workload.DeclaredWorkloads;
import io.sluice.iscsi.netty.Limits;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a running agent, put together and taken apart. */
final class AgentRuntime implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentRuntime.class);

    /** A command that waits for a source that is away says nothing of the disk: all others go on. */
    private static final Duration FOR_A_SOURCE = Duration.ofDays(3650);

    /** What a stopping agent gives its thread to end the turn it is in. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** What a host can do changes when an administrator changes it; looking costs some processes. */
    private static final Duration ABILITIES = Duration.ofMinutes(5);

    /** In a cutover the next action follows within a second or two. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    /** So long at most looking at the host, and telling LVM what holds already, wait for actions to end. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final AgentConfiguration configuration;
    private final Ledger ledger;
    private final WorkerIdentity identity;
    private final Commands commands = new ProcessCommands();
    private final Pools pools;
    private final DeclaredWorkloads workloads;
    private final Wakeup wakeup = new Wakeup();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Quiet quiet = new Quiet(PAUSE);
    private boolean kernelOpen;
    private volatile RegisterRequest.Capabilities capabilities = new RegisterRequest.Capabilities(false, true);

    private AgentRuntime(AgentConfiguration configuration, Ledger ledger) {
        this.configuration = configuration;
        this.ledger = ledger;
        this.identity = WorkerIdentity.load(ledger.directory());
        this.pools = pools(configuration.storage());
        this.workloads =
                new DeclaredWorkloads(configuration.storage().workloadsDirectory(), ledger.directory(), commands);
    }

    private Pools pools(AgentConfiguration.Storage storage) {
        List<Pools> kinds = new ArrayList<>();
        kinds.add(DirectoryPools.open(storage.directories()));
        if (!storage.groups().isEmpty()) {
            kinds.add(LvmPools.open(storage.groups(), commands, ledger.directory(), this::whenQuiet));
        }
        return new HostPools(kinds);
    }

    static AgentRuntime open(AgentConfiguration configuration) {
        Ledger ledger = Ledger.open(configuration.stateDirectory());
        boolean opened = false;
        try {
            AgentRuntime runtime = new AgentRuntime(configuration, ledger);
            opened = true;
            return runtime;
        } finally {
            if (!opened) {
                ledger.close();
            }
        }
    }

    /** Runs until its thread is interrupted, which SIGTERM does. */
    void run() {
        Thread self = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(self), "stop"));
        HostAgent agent = new HostAgent(agentIdentity(), ports(), ledger, actions(), random);
        HttpOrchestrator orchestrator = new HttpOrchestrator(
                configuration.orchestrator().startingBy(configuration.identity().name()));
        parts.push(orchestrator);
        SyncLoop loop = new SyncLoop(
                agent,
                orchestrator,
                call -> Thread.ofVirtual().name("call").start(call),
                wakeup,
                SteadyClock.from(InstantSource.system(), System::nanoTime),
                random);
        // Which workloads run must be known before it is decided which to start.
        workloads.refresh();
        Thread.ofVirtual().name("refresh").start(this::refreshForEver);
        loop.capable(capabilities);
        if (kernelOpen) {
            Thread.ofVirtual().name("abilities").start(() -> tellCapabilities(loop));
        }
        Thread.ofVirtual().name("register").start(() -> register(orchestrator, loop));
        loop.run();
    }

    /** Also when the agent ends: what is not done then, the next one finds undone. */
    private void whenQuiet(Runnable task) {
        Thread.ofVirtual().name("when-quiet").start(() -> {
            try {
                quiet.await(LONGEST_DELAY);
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void stop(Thread running) {
        log.info("agent ends, workloads go on");
        running.interrupt();
        try {
            running.join(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AgentIdentity agentIdentity() {
        WorkerId worker =
                identity.worker() == null ? new WorkerId("unregistered." + identity.machineId()) : identity.worker();
        return new AgentIdentity(worker, ledger.incarnation(), BootId.read());
    }

    private HostPorts ports() {
        AgentConfiguration.Portals portals = configuration.portals();
        TargetServer exportServer = started("portal.bind", TargetServerConfig.on(portals.exports()));
        TargetServer diskServer = started(
                "diskPortal.bind", new TargetServerConfig(portals.disks(), Limits.DEFAULT.withPatience(FOR_A_SOURCE)));
        exportServer.limitAll(configuration.limits().exports());
        tellMetrics(exportServer, diskServer);
        Path state = ledger.directory();
        PortableClones clones = new PortableClones(
                new CloneDirectory(StateDirectory.portableClones(state), BootId.read()),
                pools,
                new IscsiSources(),
                CloneOptions.DEFAULTS,
                wakeup::ring);
        parts.push(clones);
        Long ceiling = configuration.limits().hydrationBytesPerSecond();
        DiskFronts fronts = new DiskFronts(
                new PortalTargets(diskServer), pools, clones, new DiskSecrets(state.resolve("disk-secrets")));
        DiskMode mode = configuration.portals().diskMode();
        HostAbilities abilities = mode == DiskMode.PORTAL ? new HostAbilities(List.of()) : HostProbe.look(commands);
        KernelPath kernel = KernelPath.open(mode, abilities, commands, ledger.directory(), initiatorName(identity));
        Clones all = clones;
        Disks disks = fronts;
        if (kernel != null) {
            parts.push(kernel);
            KernelClones byKernel = kernel.clones(pools, workloads, state, configuration.hydration(), wakeup::ring);
            all = new EngineClones(clones, byKernel);
            disks = kernel.disks(pools, byKernel, fronts);
            // set before registering begins, on a thread that starts later
            kernelOpen = true;
        }
        capabilities = capabilities(abilities);
        Clones capped = ceiling == null ? all : new CappedClones(all, ceiling);
        return new HostPorts(pools, workloads, new ExportServer(new PortalTargets(exportServer), pools), capped, disks);
    }

    /** Volumes can arrive by the kernel where it has all that takes, and where this run of the agent has taken its disks from it. */
    private RegisterRequest.Capabilities capabilities(HostAbilities abilities) {
        return new RegisterRequest.Capabilities(kernelOpen && abilities.kernelPath(), true);
    }

    /** Looks for ever whether what the host can do has changed: a module may be built, or a program be taken away. */
    private void tellCapabilities(SyncLoop loop) {
        try {
            while (true) {
                Thread.sleep(ABILITIES);
                quiet.await(LONGEST_DELAY);
                try {
                    RegisterRequest.Capabilities now = capabilities(HostProbe.look(commands));
                    if (!now.equals(capabilities)) {
                        log.info("capabilities changed dmClone={} before={}", now.dmClone(), capabilities.dmClone());
                        capabilities = now;
                        loop.capable(now);
                    }
                } catch (RuntimeException e) {
                    log.warn("what the host can do could not be looked at, trying again: {}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The name under which this host logs in anywhere, be it this agent that does so or its kernel. */
    private static String initiatorName(WorkerIdentity who) {
        return "iqn.2026-11.io.sluice:worker." + who.machineId();
    }

    private TargetServer started(String key, TargetServerConfig config) {
        try {
            TargetServer server = TargetServer.start(config);
            parts.push(server);
            return server;
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    key + ": iSCSI cannot be served on " + config.bind() + " (" + e.getMessage()
                            + "): is the port taken, or the address not this host's?",
                    e);
        }
    }

    private void tellMetrics(TargetServer exports, TargetServer disks) {
        InetSocketAddress bind = configuration.portals().metrics();
        if (bind != null) {
            try {
                parts.push(MetricsServer.start(
                        bind,
                        () -> Stream.concat(exports.status().stream(), disks.status().stream())
                                .toList()));
            } catch (UncheckedIOException e) {
                throw new IllegalStateException(
                        "metrics.bind: " + e.getMessage() + ": is the port taken, or the address not this host's?", e);
            }
        }
    }

    /** Actions on virtual threads, so many at a time; each rings when it has ended, for its step is to be told at once. */
    private Executor actions() {
        Semaphore room = new Semaphore(configuration.limits().parallelActions());
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("action-", 0).factory());
        return action -> threads.execute(() -> {
            room.acquireUninterruptibly();
            quiet.begins();
            try {
                action.run();
            } finally {
                quiet.ends();
                room.release();
                wakeup.ring();
            }
        });
    }

    private void refreshForEver() {
        try {
            while (true) {
                Thread.sleep(configuration.limits().refresh());
                quiet.await(LONGEST_DELAY);
                try {
                    pools.refresh();
                    workloads.refresh();
                    wakeup.ring();
                } catch (RuntimeException e) {
                    log.error("refresh failed", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void register(HttpOrchestrator orchestrator, SyncLoop loop) {
        try {
            loop.registered(
                    new Registrar(orchestrator, ledger.directory(), random).register(identity, this::registration));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RegisterRequest registration(WorkerIdentity who) {
        AgentConfiguration.Identity described = configuration.identity();
        String version = AgentRuntime.class.getPackage().getImplementationVersion();
        return new RegisterRequest(
                who.machineId(),
                who.claim(),
                described.name(),
                described.location(),
                described.labels(),
                configuration.portals().advertised(),
                initiatorName(who),
                capabilities,
                described.capacity(),
                version == null ? "development" : version);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.warn("part not closed", e);
            }
        }
        ledger.close();
    }
}
