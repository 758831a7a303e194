package io.sluice.agent.attach;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.attach.Sources.SourceSession;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One volume's source as a read-only disk whose geometry is known from the order, so that it exists before its session does:
 * until then every read waits. Never serves a byte of a disk whose size, block size or serial is not the ordered one.
 */
final class Attachment implements BlockDevice {
    private static final Logger log = LoggerFactory.getLogger(Attachment.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);

    /** A source that came back is found within so long. */
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);

    private final IncomingVolume volume;
    private final Sources sources;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable SourceSession session;
    private volatile long since = System.nanoTime();

    /** Of the last attempt to establish a session, if that failed. */
    private volatile @Nullable AttachmentFailure failure;

    private Attachment(IncomingVolume volume, Sources sources) {
        this.volume = volume;
        this.sources = sources;
    }

    /** Logs in and checks, or fails typed by what to do about it. */
    static Attachment now(IncomingVolume volume, Sources sources) {
        Attachment attachment = new Attachment(volume, sources);
        try {
            attachment.establish();
        } catch (BlockDeviceException e) {
            throw attachment.unreachable(e);
        }
        return attachment;
    }

    private HostActionException unreachable(BlockDeviceException e) {
        return new HostActionException(
                "SOURCE_UNREACHABLE",
                FailureKind.RETRY,
                "cannot attach volume " + volume.volume() + " from " + volume.portal() + ": " + e.getMessage()
                        + "; it is tried again, see that the source's agent runs and its portal can be reached",
                e);
    }

    /** Exists at once and goes on trying to log in until it is closed. */
    static Attachment eventually(IncomingVolume volume, Sources sources) {
        Attachment attachment = new Attachment(volume, sources);
        attachment.keepTrying();
        return attachment;
    }

    AttachmentReport report() {
        SourceSession now = current();
        boolean connected = now != null && now.connected();
        Duration inState = now != null ? now.inState() : Duration.ofNanos(System.nanoTime() - since);
        return new AttachmentReport(
                volume.access().target(), volume.portal(), connected, inState.toSeconds(), connected ? null : failure);
    }

    /**
     * What the source says of its content from a region on; null when it tells nothing.
     *
     * @throws BlockDeviceException it cannot be asked now
     */
    @Nullable
    RegionSums checksums(long firstRegion) {
        SourceSession now = current();
        if (now == null || !now.connected()) {
            throw new BlockDeviceException("there is no session with " + volume.portal(), true);
        }
        return now.checksums(firstRegion);
    }

    @Override
    public long sizeBytes() {
        return volume.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return volume.blockBytes();
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        calling(session -> {
            session.read(offset, into);
            return true;
        });
    }

    @Override
    public Extent extentAt(long offset) {
        return calling(session -> session.extentAt(offset));
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw readOnlyFailure();
    }

    @Override
    public void flush() {
        throw readOnlyFailure();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        throw readOnlyFailure();
    }

    /** Logs out; calls that wait fail. Harmless when repeated. */
    @Override
    public void close() {
        closed.countDown();
        SourceSession now;
        lock.lock();
        try {
            now = session;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (now != null) {
            now.close();
        }
    }

    /**
     * A session that gave up for good (refused, another disk) is replaced by a new one: its source may yet come right, and until
     * then the caller is told to wait, not that its bytes are lost.
     */
    private <T> T calling(Function<SourceSession, T> call) {
        SourceSession used = await();
        try {
            return call.apply(used);
        } catch (BlockDeviceException e) {
            if (e.transientFailure() || used.connected()) {
                throw e;
            }
            replace(used);
            throw new BlockDeviceException(
                    "the session with " + volume.portal() + " was given up: " + e.getMessage(), true, e);
        }
    }

    private void replace(SourceSession failed) {
        lock.lock();
        try {
            if (!failed.equals(session) || isClosed()) {
                return;
            }
            session = null;
            since = System.nanoTime();
        } finally {
            lock.unlock();
        }
        failed.close();
        keepTrying();
    }

    private void keepTrying() {
        Thread.ofVirtual().name("attach-" + volume.volume()).start(this::establishInTime);
    }

    private void establish() {
        SourceSession opened = sources.open(volume);
        try {
            check(opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        boolean tooLate;
        lock.lock();
        try {
            session = opened;
            failure = null;
            tooLate = isClosed();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (tooLate) {
            opened.close();
        }
    }

    private void establishInTime() {
        Duration wait = FIRST_RETRY;
        try {
            while (!isClosed()) {
                try {
                    establish();
                    return;
                } catch (BlockDeviceException e) {
                    failed(unreachable(e));
                } catch (HostActionException e) {
                    failed(e);
                }
                if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                wait = wait.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? wait.multipliedBy(2) : LONGEST_RETRY;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(HostActionException e) {
        failure = new AttachmentFailure(e.code(), e.kind(), String.valueOf(e.getMessage()));
        log.info("source not attached yet: volume={} reason={}", volume.volume(), e.getMessage());
    }

    private void check(SourceSession found) {
        if (found.sizeBytes() != volume.sizeBytes()) {
            throw mismatch("SIZE_MISMATCH", found.sizeBytes() + " bytes", volume.sizeBytes() + " bytes");
        }
        if (found.blockBytes() != volume.blockBytes()) {
            throw mismatch(
                    "BLOCK_SIZE_MISMATCH",
                    "blocks of " + found.blockBytes() + " bytes",
                    "blocks of " + volume.blockBytes() + " bytes");
        }
        if (!found.serial().equals(volume.volume().value())) {
            throw mismatch("IDENTITY_MISMATCH", "serial '" + found.serial() + "'", "serial '" + volume.volume() + "'");
        }
    }

    private HostActionException mismatch(String code, String found, String wanted) {
        return new HostActionException(
                code,
                FailureKind.ABORT,
                "the disk behind " + volume.access().target() + " on " + volume.portal() + " has " + found
                        + ", the migration was planned for " + wanted + ": abort it and plan anew");
    }

    private SourceSession await() {
        lock.lock();
        try {
            while (session == null && !isClosed()) {
                changed.await();
            }
            if (session == null || isClosed()) {
                throw new BlockDeviceException("volume " + volume.volume() + " is detached from its source", true);
            }
            return session;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockDeviceException("interrupted while waiting for the source", true, e);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable SourceSession current() {
        lock.lock();
        try {
            return session;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private static BlockDeviceException readOnlyFailure() {
        return new BlockDeviceException("a source is never written", false);
    }
}
