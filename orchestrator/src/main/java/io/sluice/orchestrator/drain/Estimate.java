package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Steering;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long copying still takes, as a range: at the best and at the worst of what is observed, the rate of this moment and the
 * mean since the copying began. Null is unknown: nothing was observed, or it stands still. Pure.
 */
public record Estimate(@Nullable Long minSeconds, @Nullable Long maxSeconds) {
    public static final Estimate UNKNOWN = new Estimate(null, null);

    /** Of one migration; known while it hydrates. */
    public static Estimate of(MigrationRecord record, Instant now) {
        Long rest = record.exposureBytes();
        if (record.state() != MigrationState.ForwardOnly.HYDRATING || rest == null) {
            return UNKNOWN;
        }
        return at(rest, rest, record.bytesPerSecond(), mean(List.of(record), now));
    }

    /**
     * Of a drain: what is not local yet of all it still moves. Of volumes that are not being copied yet the least is what is
     * allocated, the most their size; the time until it may cut over at all is added.
     *
     * @param moving the drain's newest migrations of every cargo, those given up left out
     */
    public static Estimate of(List<MigrationRecord> moving, Steering steering, Instant now) {
        boolean waits = moving.stream().anyMatch(record -> record.state() instanceof MigrationState.Reversible);
        Long wait = waits ? wait(steering, now) : Long.valueOf(0);
        if (wait == null) {
            return UNKNOWN;
        }
        long least = 0;
        long most = 0;
        for (MigrationRecord record : moving) {
            Rest rest = Rest.of(record);
            if (rest == null) {
                return UNKNOWN;
            }
            least += rest.least();
            most += rest.most();
        }
        return at(least, most, rateNow(moving), mean(moving, now)).plus(wait);
    }

    /** Bytes still to come. */
    private record Rest(long least, long most) {
        static @Nullable Rest of(MigrationRecord record) {
            long size = record.migration().cargo().sizeBytes();
            if (record.state() instanceof MigrationState.Reversible) {
                Long allocated = record.sum(VolumeProgress::allocatedBytes);
                return new Rest(allocated == null ? 0 : Math.min(allocated, size), size);
            }
            Long exposure = record.exposureBytes();
            return exposure == null ? null : new Rest(exposure, exposure);
        }
    }

    private static Estimate at(long least, long most, @Nullable Long rate, @Nullable Long mean) {
        List<Long> rates = Stream.of(rate, mean).flatMap(Stream::ofNullable).toList();
        if (most == 0) {
            return new Estimate(0L, 0L);
        }
        long best = rates.stream().mapToLong(Long::longValue).max().orElse(0);
        long worst = rates.stream().mapToLong(Long::longValue).min().orElse(0);
        return new Estimate(
                best <= 0 ? null : Long.valueOf(Math.ceilDiv(least, best)),
                worst <= 0 ? null : Long.valueOf(Math.ceilDiv(most, worst)));
    }

    private Estimate plus(long seconds) {
        return new Estimate(
                minSeconds == null ? null : Long.valueOf(minSeconds + seconds),
                maxSeconds == null ? null : Long.valueOf(maxSeconds + seconds));
    }

    /** Until cutovers may begin; null while nobody knows. */
    private static @Nullable Long wait(Steering steering, Instant now) {
        Instant notBefore = steering.notBefore();
        Instant begins = notBefore == null || notBefore.isBefore(now) ? now : notBefore;
        if (steering.mayBegin(begins) != null) {
            return null;
        }
        Instant opens = steering.opens(begins);
        return Duration.between(now, opens == null ? begins : opens).toSeconds();
    }

    private static @Nullable Long rateNow(List<MigrationRecord> records) {
        List<Long> rates = records.stream()
                .map(MigrationRecord::bytesPerSecond)
                .flatMap(Stream::ofNullable)
                .toList();
        return rates.isEmpty()
                ? null
                : Long.valueOf(rates.stream().mapToLong(Long::longValue).sum());
    }

    /** What crossed the wire since the first of them ran on its destination, by the second; null while nothing is known of it. */
    private static @Nullable Long mean(List<MigrationRecord> records, Instant now) {
        Instant first = records.stream()
                .map(MigrationRecord::runningAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        long seconds = first == null ? 0 : Duration.between(first, now).toSeconds();
        long copied = records.stream()
                .filter(record -> record.runningAt() != null)
                .map(record -> record.regions(VolumeProgress.Regions::copiedBytes))
                .flatMap(Stream::ofNullable)
                .mapToLong(Long::longValue)
                .sum();
        return seconds <= 0 || copied <= 0 ? null : Long.valueOf(copied / seconds);
    }
}
