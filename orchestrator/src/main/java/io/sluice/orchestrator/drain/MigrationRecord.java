package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A migration with what is shown of it.
 *
 * @param stoppingAt when its cutover began
 * @param runningAt when its workload was observed running on the destination
 */
public record MigrationRecord(
        Migration migration,
        Attempt attempt,
        @Nullable Instant stoppingAt,
        @Nullable Instant runningAt,
        List<VolumeProgress> volumes,
        List<MigrationEvent> history) {
    /**
     * Which try of its drain to move this cargo it is.
     *
     * @param number from 1
     * @param forgiven an operator asked to try the cargo again after it
     * @param makesRoomFor the cargo for whose sake a third party is moved; null where the cargo leaves the drained worker
     */
    public record Attempt(
            int number, boolean forgiven, @Nullable String makesRoomFor) {
        /** Of something on the drained worker. */
        @SuppressWarnings("NullAway")
        public Attempt(int number, boolean forgiven) {
            this(number, forgiven, null);
        }
    }

    public MigrationRecord {
        volumes = List.copyOf(volumes);
        history = List.copyOf(history);
    }

    /** Whether it moves something that is not on the drained worker. */
    public boolean isThirdParty() {
        return attempt.makesRoomFor() != null;
    }

    public MigrationState state() {
        return migration.state();
    }

    /** Sum over the volumes; null as soon as it is unknown of one. */
    public @Nullable Long sum(Function<VolumeProgress, @Nullable Long> bytes) {
        long sum = 0;
        for (VolumeProgress volume : volumes) {
            Long one = bytes.apply(volume);
            if (one == null) {
                return null;
            }
            sum += one;
        }
        return sum;
    }

    public @Nullable Long hydratedBytes() {
        return state() == MigrationState.Terminal.DONE
                ? Long.valueOf(migration.cargo().sizeBytes())
                : beforeCopying() ? Long.valueOf(0) : sum(VolumeProgress::hydratedBytes);
    }

    /** There is no clone device yet that could have copied anything: that is known to be 0, where later it is unknown until observed. */
    private boolean beforeCopying() {
        return switch (state()) {
            case MigrationState.Reversible.PLANNED,
                    MigrationState.Reversible.PREPARING,
                    MigrationState.Reversible.READY,
                    MigrationState.Reversible.STOPPING -> true;
            case MigrationState.Reversible.CLONING, MigrationState.Reversible.ABORTING -> false;
            case MigrationState.ForwardOnly forward -> false;
            case MigrationState.Terminal terminal -> false;
        };
    }

    public @Nullable Long regions(Function<VolumeProgress.Regions, Long> bytes) {
        return beforeCopying()
                ? Long.valueOf(0)
                : sum(volume -> {
                    VolumeProgress.Regions regions = volume.regions();
                    return regions == null ? null : bytes.apply(regions);
                });
    }

    /** What its running workload still needs from the source: 0 outside of hydration, null while unknown. */
    public @Nullable Long exposureBytes() {
        return switch (state()) {
            case MigrationState.Reversible reversible -> 0L;
            case MigrationState.Terminal terminal -> 0L;
            case MigrationState.ForwardOnly forward -> {
                Long hydrated = hydratedBytes();
                yield hydrated == null ? null : Long.valueOf(migration.cargo().sizeBytes() - hydrated);
            }
        };
    }

    /** Rate of background copying; null outside of hydration. */
    public @Nullable Long bytesPerSecond() {
        return state() == MigrationState.ForwardOnly.HYDRATING ? regions(VolumeProgress.Regions::bytesPerSecond) : null;
    }

    /** Seconds until all is local at the present rate; null while there is none. */
    public @Nullable Long etaSeconds() {
        Long rate = bytesPerSecond();
        Long rest = exposureBytes();
        return rate == null || rest == null || rate <= 0 ? null : Long.valueOf((rest + rate - 1) / rate);
    }

    /** From the stop's commit to the workload observed running; null until then. */
    public @Nullable Long interruptionMillis() {
        return stoppingAt == null || runningAt == null || runningAt.isBefore(stoppingAt)
                ? null
                : Long.valueOf(runningAt.toEpochMilli() - stoppingAt.toEpochMilli());
    }
}
