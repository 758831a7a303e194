package io.sluice.agent.attach.kernel;

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

    void looked(PathStep step, @Nullable String disk) {
        goodDisk = step instanceof PathStep.Nothing ? disk : null;
        tell(step.getClass().getSimpleName());
    }

    void failed(RuntimeException failure) {
        goodDisk = null;
        tell(String.valueOf(failure.getMessage()));
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
