package io.sluice.agent;

import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.sync.OrchestratorAddress;
import io.sluice.agent.volume.PoolDirectory;
import io.sluice.agent.volume.PoolGroup;
import io.sluice.agent.volume.PoolPlace;
import io.sluice.iscsi.pace.Rate;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All an agent is told by its one file, checked and with defaults filled in; {@code deploy/agent/agent.yaml} documents it. */
public record AgentConfiguration(
        OrchestratorAddress orchestrator,
        Path stateDirectory,
        Identity identity,
        Portals portals,
        Storage storage,
        Limits limits,
        HydrationPolicy hydration) {

    /** What the worker is called, where it stands and what it has. */
    public record Identity(
            String name, RegisterRequest.Location location, Map<String, String> labels, ResourceRequest capacity) {
        public Identity {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Where it listens.
     *
     * @param exports address other workers' initiators reach
     * @param advertised what they are told, where the two differ
     * @param disks loopback address of this host's own disks
     * @param diskMode how this host's workloads reach them
     * @param metrics where Prometheus finds it; null is nowhere
     */
    public record Portals(
            InetSocketAddress exports,
            Portal advertised,
            InetSocketAddress disks,
            DiskMode diskMode,
            @Nullable InetSocketAddress metrics) {}

    /** How workloads reach their disks. */
    public enum DiskMode {
        /** As devices of the kernel; the agent does not start where that cannot be. */
        KERNEL,
        /** By iSCSI from the agent's loopback portal. */
        PORTAL,
        /** As devices where the host has all that takes, else from the portal. */
        AUTO
    }

    /** Where volumes lie and workloads are declared. */
    public record Storage(List<PoolPlace> pools, Path workloadsDirectory) {
        public Storage {
            pools = List.copyOf(pools);
        }

        public List<PoolDirectory> directories() {
            return of(PoolDirectory.class);
        }

        public List<PoolGroup> groups() {
            return of(PoolGroup.class);
        }

        private <P extends PoolPlace> List<P> of(Class<P> kind) {
            return pools.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    /**
     * Ceilings and paces.
     *
     * @param parallelActions actions that run at the same time
     * @param refresh how often pools and workloads are looked at beyond what actions tell
     * @param hydrationBytesPerSecond ceiling of each volume's background copying on this host; null is none of its own
     * @param exports ceiling of all exports of this host together
     */
    public record Limits(
            int parallelActions, Duration refresh, @Nullable Long hydrationBytesPerSecond, Rate exports) {}
}
