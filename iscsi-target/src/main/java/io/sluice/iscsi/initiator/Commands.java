package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.scsi.ScsiCommand;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands to a definite answer: over the next session where one was lost, again where the disk was busy. A command is repeated
 * only as long as it has no answer, and its caller waits meanwhile: so nothing is ever written after its caller went on.
 */
final class Commands {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Unit attentions are reported once each; a unit that has more of them than this is broken. */
    private static final int MAX_REPEATS_AT_ONCE = 16;

    private final SessionKeeper keeper;
    private final Semaphore depth;
    private final @Nullable Duration giveUpAfter;

    Commands(SessionKeeper keeper, InitiatorOptions options) {
        this.keeper = keeper;
        this.depth = new Semaphore(options.queueDepth());
        this.giveUpAfter = options.giveUpAfter();
    }

    /** The target's answer: done, or refused for good. */
    Task.Outcome.Answered run(ScsiCommand command, Task.Transfer transfer) {
        acquire();
        try {
            return repeat(command, transfer);
        } finally {
            depth.release();
        }
    }

    private Task.Outcome.Answered repeat(ScsiCommand command, Task.Transfer transfer) {
        Long giveUpAt = giveUpAfter == null ? null : System.nanoTime() + giveUpAfter.toNanos();
        Duration pause = FIRST_PAUSE;
        int repeatsAtOnce = 0;
        while (true) {
            Task.Outcome outcome = keeper.session(giveUpAt).run(new Task(command, transfer));
            if (!(outcome instanceof Task.Outcome.Answered answered)) {
                continue; // lost: the keeper has the next session, or says why there is none
            }
            Verdict verdict = Verdict.of(answered);
            if (!verdict.again() || (verdict == Verdict.REPEAT && ++repeatsAtOnce > MAX_REPEATS_AT_ONCE)) {
                return answered;
            }
            if (verdict == Verdict.REPEAT_LATER) {
                if (giveUpAt != null && giveUpAt - System.nanoTime() <= 0) {
                    throw new BlockDeviceException("the disk is still busy after " + giveUpAfter, true);
                }
                keeper.pause(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void acquire() {
        if (depth.tryAcquire()) {
            return;
        }
        try {
            depth.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockDeviceException("interrupted while waiting for a place in the queue", true, e);
        }
    }
}
