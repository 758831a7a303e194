package io.sluice.orchestrator.web;

import io.sluice.orchestrator.retention.RetainedCopy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A copy that the source of a migration kept.
 *
 * @param epoch tells the copies of one volume on one worker apart
 * @param bytes the volume's size; thin pools hold less
 * @param since when its migration was done
 * @param deletableAt when policy deletes it; null where policy keeps it for good
 * @param policy {@code KEEP}, or how long it is kept as an ISO 8601 duration
 * @param state {@code RETAINED}: policy decides; {@code KEPT}: an operator keeps it for good; {@code DELETING}: its worker is told
 *     to delete it
 * @param decidedBy who kept or deleted it; {@code policy} when its time was over; null while policy alone decides
 */
public record RetainedCopyView(
        String worker,
        String volume,
        long epoch,
        String migration,
        String drain,
        long bytes,
        Instant since,
        @Nullable Instant deletableAt,
        String policy,
        State state,
        @Nullable Instant decidedAt,
        @Nullable String decidedBy) {

    /** What becomes of it. */
    public enum State {
        RETAINED,
        KEPT,
        DELETING
    }

    static RetainedCopyView of(RetainedCopy copy) {
        RetainedCopy.Decision decision = copy.decision();
        return new RetainedCopyView(
                copy.key().worker().value(),
                copy.key().volume().value(),
                copy.key().epoch(),
                copy.migration().value(),
                copy.drain().value(),
                copy.sizeBytes(),
                copy.retiredAt(),
                copy.deletableAt(),
                copy.deletableAt() == null
                        ? "KEEP"
                        : Duration.between(copy.retiredAt(), copy.deletableAt()).toString(),
                decision == null
                        ? State.RETAINED
                        : switch (decision.verdict()) {
                            case KEEP -> State.KEPT;
                            case DELETE -> State.DELETING;
                        },
                decision == null ? null : decision.at(),
                decision == null ? null : decision.by());
    }
}
