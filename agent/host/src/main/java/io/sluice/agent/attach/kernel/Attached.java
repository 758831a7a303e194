package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the watch remembers of one attachment. */
final class Attached {
    private static final Logger log = LoggerFactory.getLogger(Attached.class);

    /** A path can fail without a trace in the tree: so often the map itself is asked, which costs a process. */
    private static final int LOOKS_PER_QUESTION = 5;

    final AttachmentOrder order;
    final Patience patience;
    private @Nullable String goodDisk;
    private int looks;
    private @Nullable String told;
    private volatile @Nullable AttachmentFailure failure;
    private volatile boolean connected = true;
    private volatile long since = System.nanoTime();

    Attached(AttachmentOrder order, LongSupplier nanoTime) {
        this.order = order;
        this.patience = new Patience(nanoTime);
    }

    Duration inState(boolean now) {
        if (now != connected) {
            connected = now;
            since = System.nanoTime();
        }
        return Duration.ofNanos(System.nanoTime() - since);
    }

    boolean isQuiet(@Nullable String disk) {
        looks++;
        return disk != null && disk.equals(goodDisk) && looks % LOOKS_PER_QUESTION != 0;
    }

    /** @param disk the one that looked well before the step */
    void did(PathStep step, @Nullable String disk) {
        goodDisk = step instanceof PathStep.Nothing ? disk : null;
        // while others are at it, what failed before is still the latest that is known
        if (!(step instanceof PathStep.Wait || step instanceof PathStep.Scan)) {
            failure = null;
        }
        tell(step.getClass().getSimpleName());
    }

    void failed(RuntimeException why) {
        goodDisk = null;
        failure = why instanceof HostActionException typed
                ? new AttachmentFailure(typed.code(), typed.kind(), String.valueOf(typed.getMessage()))
                : new AttachmentFailure(
                        "ACTION_FAILED",
                        FailureKind.RETRY,
                        "the session with " + order.node().target() + " cannot be seen to: " + why.getMessage()
                                + "; it is tried again, see the agent's log");
        tell(String.valueOf(why.getMessage()));
    }

    /** What was last attempted failed so; null when it did not. */
    @Nullable
    AttachmentFailure failure() {
        return failure;
    }

    /** Once for each change, not once a second. */
    private void tell(String what) {
        if (!what.equals(told)) {
            told = what;
            log.info(
                    "attachment map={} target={} step=\"{}\"",
                    order.map(),
                    order.node().target(),
                    what);
        }
    }
}
