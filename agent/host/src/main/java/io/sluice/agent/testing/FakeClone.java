package io.sluice.agent.testing;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.ExportOrder;
import io.sluice.agent.reconcile.HostActionException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One clone: a durable bitmap, and what a crash takes: the attachment, the device, the order to hydrate. */
final class FakeClone {
    static final long UNLIMITED = Long.MAX_VALUE;

    private final CloneOrder order;
    private final FakeVolume local;
    private final FakeFleet fleet;
    private final WorkerId here;

    private final BitSet hydrated = new BitSet();

    /** What the source sent of each block that was copied and not written since; kept with the bitmap. */
    private final Map<Integer, Long> sent = new LinkedHashMap<>();

    private boolean holesMarked;
    private long copied;
    private long skipped;
    private long written;

    private IncomingStage stage = IncomingStage.CREATED;
    private @Nullable HydrationOrder hydration;
    private @Nullable VerificationReport verification;
    private double mayCopyBytes;

    FakeClone(CloneOrder order, FakeVolume local, FakeFleet fleet, WorkerId here) {
        this.order = order;
        this.local = local;
        this.fleet = fleet;
        this.here = here;
    }

    void crash() {
        stage = IncomingStage.CREATED;
        hydration = null;
        verification = null;
    }

    void attach() {
        FakeVolume source = source();
        if (source == null && !holesMarked) {
            throw unreachable();
        }
        if (source != null && source.sizeBytes() != local.sizeBytes()) {
            throw new HostActionException("SOURCE_DIFFERS", FailureKind.ABORT, "the source has another size");
        }
        if (stage == IncomingStage.CREATED) {
            stage = IncomingStage.ATTACHED;
        }
    }

    void raise() {
        if (!holesMarked) {
            FakeVolume source = source();
            if (source == null) {
                throw unreachable();
            }
            for (int block = 0; block < source.blocks(); block++) {
                if (source.read(block) == 0) {
                    hydrated.set(block);
                    skipped += FakeVolume.BLOCK_BYTES;
                }
            }
            holesMarked = true;
        }
        stage = IncomingStage.CLONED;
    }

    void hydrate(HydrationOrder next) {
        hydration = next;
    }

    /** Copies one block if it may; returns whether it did. */
    boolean copyOne() {
        HydrationOrder now = hydration;
        FakeVolume source = source();
        int block = hydrated.nextClearBit(0);
        if (now == null || now.paused() || source == null || block >= local.blocks()) {
            return false;
        }
        local.write(block, source.read(block));
        sent.put(block, source.read(block));
        hydrated.set(block);
        copied += FakeVolume.BLOCK_BYTES;
        return true;
    }

    /** Copies what its rate allows in that time, one block where nothing limits it; returns how many blocks that were. */
    int copyFor(long millis) {
        long rate = bytesPerSecond();
        if (rate == UNLIMITED || rate == 0) {
            mayCopyBytes = 0;
            return copyOne() ? 1 : 0;
        }
        mayCopyBytes += rate * (millis / 1_000.0);
        int copied = 0;
        while (mayCopyBytes >= FakeVolume.BLOCK_BYTES && copyOne()) {
            mayCopyBytes -= FakeVolume.BLOCK_BYTES;
            copied++;
        }
        // What it could not use while its source was away is not made up for.
        mayCopyBytes = Math.min(mayCopyBytes, FakeVolume.BLOCK_BYTES);
        return copied;
    }

    /** What background copying may put on the wire now: both hosts hold it back; 0 while it does not copy. */
    long bytesPerSecond() {
        HydrationOrder now = hydration;
        ExportOrder export = fleet.exportOrder(target());
        if (now == null || now.paused() || export == null || hydrated.cardinality() == local.blocks()) {
            return 0;
        }
        long here = now.bytesPerSecond() == null ? UNLIMITED : now.bytesPerSecond();
        Long there = export.access().bytesPerSecond();
        return there == null ? here : Math.min(here, there);
    }

    /** The medium turns a block that was copied into something else; returns whether there was one. */
    boolean spoil(long content) {
        for (int block : sent.keySet()) {
            local.write(block, content);
            return true;
        }
        return false;
    }

    void verify() {
        long mismatched = sent.entrySet().stream()
                .filter(block -> local.read(block.getKey()) != block.getValue())
                .count();
        verification = new VerificationReport(
                copied / FakeVolume.BLOCK_BYTES,
                written / FakeVolume.BLOCK_BYTES,
                skipped / FakeVolume.BLOCK_BYTES,
                mismatched);
    }

    /** Reads through the clone device; null while the source would be needed and is away: the read waits. */
    @Nullable
    Long read(int block) {
        if (hydrated.get(block)) {
            return local.read(block);
        }
        FakeVolume source = source();
        return source == null ? null : Long.valueOf(source.read(block));
    }

    void write(int block, long content) {
        local.write(block, content);
        sent.remove(block);
        if (!hydrated.get(block)) {
            hydrated.set(block);
            written += FakeVolume.BLOCK_BYTES;
        }
    }

    boolean up() {
        return stage == IncomingStage.CLONED;
    }

    String target() {
        return order.volume().access().target();
    }

    CloneState state() {
        boolean attached = stage != IncomingStage.CREATED;
        AttachmentReport attachment =
                attached ? new AttachmentReport(target(), order.volume().portal(), source() != null, 0) : null;
        HydrationReport progress = up()
                ? new HydrationReport(
                        FakeVolume.BLOCK_BYTES,
                        local.blocks(),
                        hydrated.cardinality(),
                        0,
                        copied,
                        skipped,
                        written,
                        0,
                        hydration != null && !hydration.paused())
                : null;
        return new CloneState(order.migration(), local.volume(), stage, attachment, progress, hydration, verification);
    }

    private @Nullable FakeVolume source() {
        return fleet.export(here, target());
    }

    private HostActionException unreachable() {
        return new HostActionException(
                "SOURCE_UNREACHABLE", FailureKind.RETRY, "export " + target() + " does not answer; it is tried again");
    }
}
