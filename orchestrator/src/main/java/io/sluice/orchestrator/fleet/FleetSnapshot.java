package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment, read in one go: every worker, and what live migrations have reserved.
 *
 * @param workers ordered by id
 * @param reservations of every migration that has not ended
 */
public record FleetSnapshot(List<Worker> workers, List<Reservation> reservations) {
    public FleetSnapshot {
        workers = workers.stream().sorted(Comparator.comparing(Worker::id)).toList();
        reservations = reservations.stream()
                .sorted(Comparator.comparing(Reservation::migration))
                .toList();
    }

    public @Nullable Worker worker(WorkerId id) {
        int low = 0;
        int high = workers.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Worker worker = workers.get(middle);
            int order = worker.id().compareTo(id);
            if (order == 0) {
                return worker;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }

    /** The newest epoch any copy of this volume carries, anywhere; 0 when no copy is known. A new migration's must be above. */
    public long newestEpoch(VolumeId volume) {
        return copies(volume).stream()
                .mapToLong(copy -> copy.volume().epoch())
                .max()
                .orElse(0);
    }

    /** The same of many volumes, by one look at the fleet; those of which no copy is known are left out. */
    public Map<VolumeId, Long> newestEpochs(Set<VolumeId> volumes) {
        Map<VolumeId, Long> newest = new HashMap<>();
        for (Worker worker : workers) {
            if (worker.report() != null) {
                for (VolumeReport copy : worker.report().volumes()) {
                    if (volumes.contains(copy.volume())) {
                        newest.merge(copy.volume(), copy.epoch(), Math::max);
                    }
                }
            }
        }
        return newest;
    }

    /** Every copy of every volume that some worker reported. */
    public Map<VolumeId, List<Copy>> copies() {
        Map<VolumeId, List<Copy>> copies = new HashMap<>();
        for (Worker worker : workers) {
            if (worker.report() != null) {
                worker.report()
                        .volumes()
                        .forEach(report -> copies.computeIfAbsent(report.volume(), none -> new ArrayList<>(1))
                                .add(new Copy(worker.id(), report)));
            }
        }
        return copies;
    }

    /** Every copy of this volume that some worker reported. */
    public List<Copy> copies(VolumeId volume) {
        return workers.stream()
                .flatMap(worker -> worker.report() == null
                        ? java.util.stream.Stream.empty()
                        : worker.report().volumes().stream()
                                .filter(report -> report.volume().equals(volume))
                                .map(report -> new Copy(worker.id(), report)))
                .toList();
    }

    /** One copy of a volume on one worker. */
    public record Copy(WorkerId worker, VolumeReport volume) {}
}
