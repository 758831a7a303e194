package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment with what operators see of it.
 *
 * @param now the store's time of reading
 */
public record FleetReading(Instant now, List<WorkerReading> workers, List<Reservation> reservations) {
    public FleetReading {
        workers = List.copyOf(workers);
        reservations = List.copyOf(reservations);
    }

    /**
     * One worker.
     *
     * @param lastSeen when its newest report came in; null before the first
     * @param drain its open drain
     * @param mode what that drain is for
     * @param writtenOff who said that it does not come back; null while it counts
     */
    public record WorkerReading(
            Worker worker,
            @Nullable Instant lastSeen,
            String agentVersion,
            @Nullable DrainId drain,
            @Nullable DrainMode mode,
            @Nullable WrittenOff writtenOff) {}

    /** Since when an operator says that a worker does not come back, who, and why; the reason may be empty. */
    public record WrittenOff(Instant at, OperatorAction.By by) {}

    /** As planning sees it. */
    public FleetSnapshot snapshot() {
        return new FleetSnapshot(workers.stream().map(WorkerReading::worker).toList(), reservations);
    }

    public @Nullable WorkerReading worker(WorkerId id) {
        return workers.stream()
                .filter(reading -> reading.worker().id().equals(id))
                .findFirst()
                .orElse(null);
    }
}
