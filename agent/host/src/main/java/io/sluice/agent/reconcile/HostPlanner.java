package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.VolumeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is still to be done to bring a host from its observed state to its spec. Pure: the same spec and state give the same
 * actions; no actions means converged. Only the first action of each lane and track is
 * certain: the rest is planned anew after it. What is due anyway comes first, since it follows from the observed state alone.
 */
public final class HostPlanner {
    private HostPlanner() {}

    public static List<HostAction> plan(HostSpec spec, HostState state) {
        Map<VolumeId, Long> newest = newestEpochs(spec, state);
        List<HostAction> moving = new ArrayList<>();
        Map<VolumeId, Lane> lanes = new HashMap<>();
        Set<VolumeId> leaving = new HashSet<>();
        for (Outgoing part : spec.outgoing()) {
            List<VolumeId> volumes =
                    part.volumes().stream().map(OutgoingVolume::volume).toList();
            if (isStale(part.epoch(), volumes, newest)) {
                moving.addAll(
                        OutgoingPlanner.isOver(part)
                                ? OutgoingPlanner.closing(part, state)
                                : List.of(stale(Lane.of(part), part.epoch(), volumes, newest)));
            } else {
                volumes.forEach(volume -> lanes.put(volume, Lane.of(part)));
                OutgoingPlanner.Plan plan = OutgoingPlanner.plan(part, state);
                moving.addAll(plan.actions());
                leaving.addAll(plan.leaving() ? volumes : List.of());
            }
        }
        for (Incoming part : spec.incoming()) {
            List<VolumeId> volumes =
                    part.volumes().stream().map(IncomingVolume::volume).toList();
            if (isStale(part.epoch(), volumes, newest)) {
                moving.add(stale(Lane.of(part), part.epoch(), volumes, newest));
            } else {
                volumes.forEach(volume -> lanes.put(volume, Lane.of(part)));
                moving.addAll(IncomingPlanner.plan(part, state));
            }
        }
        List<HostAction> actions = new ArrayList<>(new ResidentPlanner(spec, state, lanes, leaving).plan());
        actions.addAll(moving);
        return List.copyOf(actions);
    }

    /** Highest epoch known for each volume named: what the host has taken up before, and what the spec itself says. */
    private static Map<VolumeId, Long> newestEpochs(HostSpec spec, HostState state) {
        Map<VolumeId, Long> newest = new HashMap<>();
        spec.outgoing().forEach(part -> part.volumes().forEach(v -> newest.merge(v.volume(), part.epoch(), Math::max)));
        spec.incoming().forEach(part -> part.volumes().forEach(v -> newest.merge(v.volume(), part.epoch(), Math::max)));
        newest.replaceAll((volume, epoch) -> Math.max(epoch, state.fence(volume)));
        return newest;
    }

    private static boolean isStale(long epoch, List<VolumeId> volumes, Map<VolumeId, Long> newest) {
        return volumes.stream().anyMatch(volume -> epoch < newest.getOrDefault(volume, 0L));
    }

    private static HostAction stale(Lane lane, long epoch, List<VolumeId> volumes, Map<VolumeId, Long> newest) {
        long known = volumes.stream()
                .mapToLong(volume -> newest.getOrDefault(volume, 0L))
                .max()
                .orElse(0);
        return new HostAction.Refuse(
                lane,
                "STALE_EPOCH",
                FailureKind.ABORT,
                "migration " + lane.migration() + " has epoch " + epoch + " but this host knows epoch " + known
                        + " of its volumes " + volumes + ": it is ignored; a newer migration goes on in its place");
    }
}
