package io.sluice.orchestrator.web;

import io.sluice.agent.api.CloneEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable plan.
 *
 * @param moves what is moved of others to make room for some of what is refused; nothing without a permission
 * @param order units in the order in which they are to start: {@code workload/ID} or {@code volume/ID}
 */
public record PlanView(
        String id,
        String hash,
        String worker,
        List<PlacementView> placements,
        List<RefusalView> refusals,
        List<MoveView> moves,
        List<String> order,
        ForecastView forecast) {

    /**
     * Where one workload with all its volumes, or one volume alone, goes.
     *
     * @param engine what clones there: the kernel's dm-clone, or the agent's portable engine
     * @param because what spoke for this destination
     */
    public record PlacementView(
            @Nullable String workload,
            List<PlacedVolumeView> volumes,
            String destination,
            CloneEngine engine,
            List<String> because) {}

    /**
     * One volume of a placement.
     *
     * @param pool the destination's pool
     */
    public record PlacedVolumeView(String id, long sizeBytes, String pool) {}

    /**
     * A third-party move.
     *
     * @param source the worker it stands on, where it makes room
     * @param makesRoomFor the workload, or the volume without one, that waits for that
     */
    public record MoveView(
            @Nullable String workload,
            List<PlacedVolumeView> volumes,
            String source,
            String destination,
            CloneEngine engine,
            String makesRoomFor) {}

    /** What found no place, and what to do about it. */
    public record RefusalView(
            @Nullable String workload, List<String> volumes, String code, String message, String remedy) {}

    /**
     * What it will take, with all that is planned together.
     *
     * @param seconds null when nothing is known of the rates yet
     * @param secondsAtMost the same if every byte of every volume had to be copied
     * @param exposureBytes the most that is still to be copied at any time of what is under way
     */
    public record ForecastView(
            long bytes,
            @Nullable Long seconds,
            @Nullable Long secondsAtMost,
            @Nullable Long exposureBytes) {}
}
