package io.sluice.orchestrator.cli.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a drain would put (or puts) everything, and what it cannot place. */
public record PlanView(
        @Nullable String id,
        @Nullable String hash,
        String worker,
        List<Placement> placements,
        List<Refusal> refusals,
        List<Move> moves,
        @Nullable Forecast forecast) {

    public PlanView {
        placements = Views.listOf(placements);
        refusals = Views.listOf(refusals);
        moves = Views.listOf(moves);
    }

    /** What is moved of another worker, and for whose sake. */
    public record Move(
            @Nullable String workload,
            List<PlacedVolume> volumes,
            String source,
            String destination,
            String makesRoomFor) {

        public Move {
            volumes = Views.listOf(volumes);
        }
    }

    /** One workload with all its volumes, or one volume without a workload, and why it goes where it goes. */
    public record Placement(
            @Nullable String workload,
            List<PlacedVolume> volumes,
            String destination,
            @Nullable String engine,
            List<String> because) {

        public Placement {
            volumes = Views.listOf(volumes);
            because = Views.listOf(because);
        }
    }

    public record PlacedVolume(
            String id, @Nullable Long sizeBytes, @Nullable String pool) {}

    /** What has no place to go: a stable code, the reason and what an operator can do. */
    public record Refusal(
            @Nullable String workload,
            List<String> volumes,
            String code,
            String message,
            @Nullable String remedy) {

        public Refusal {
            volumes = Views.listOf(volumes);
        }
    }

    public record Forecast(
            @Nullable Long bytes,
            @Nullable Long seconds,
            @Nullable Long secondsAtMost,
            @Nullable Long exposureBytes) {}
}
