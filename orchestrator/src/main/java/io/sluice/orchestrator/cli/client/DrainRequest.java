package io.sluice.orchestrator.cli.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What drains are asked for with; what is null is left to the service's defaults. Which workers is said here only where several
 * are drained together: by ids, by a selector, or by the id of a dry run, which then says everything.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrainRequest(
        @Nullable List<String> workers,
        @Nullable String selector,
        @Nullable String plan,
        @Nullable String reason,
        @Nullable String mode,
        @JsonUnwrapped DrainRequest.@Nullable Limits limits,
        @JsonUnwrapped DrainRequest.@Nullable Options options) {

    /** How long the copies it leaves are kept. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Options(
            @Nullable Long retainSeconds, @Nullable Boolean keepCopies) {
        public static final Options NONE = new Options(null, null);
    }

    /** With what becomes of copies left to the service's default. */
    public DrainRequest(
            @Nullable List<String> workers,
            @Nullable String selector,
            @Nullable String plan,
            @Nullable String reason,
            @Nullable String mode,
            @Nullable Limits limits) {
        this(workers, selector, plan, reason, mode, limits, null);
    }

    /** Times are ISO 8601, {@code +PT2H} is from when the service is asked; windows are written {@code 22:00-04:00 Europe/Berlin}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @Nullable Integer maxConcurrentPerSource,
            @Nullable Integer maxConcurrentPerDestination,
            @Nullable Integer priority,
            @Nullable String notBefore,
            @Nullable List<String> windows,
            @Nullable String deadline,
            @Nullable String deadlineMissed,
            @Nullable ThirdParty thirdParty) {
        public static final Limits DEFAULT = new Limits(null, null, null, null, null, null, null, null);
    }

    /** How much of what is on other workers may be moved to make room. */
    public record ThirdParty(int volumes, long bytes) {}

    public static DrainRequest because(@Nullable String reason) {
        return new DrainRequest(null, null, null, reason, null, null, null);
    }
}
