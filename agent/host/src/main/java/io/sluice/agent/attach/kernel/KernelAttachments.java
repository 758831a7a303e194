package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.MappedDevices;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The attachments of this host. Once a map is made, reading it waits while the disk below is gone: a watch brings the session
 * back, the path into use again, or the disk of a new session under the map. Everything is found in the kernel and on
 * record, so an agent that starts again goes on with what is there, as soon as it is ordered again.
 */
public final class KernelAttachments implements AutoCloseable {
    /** A login takes a fraction of a second, or its own ten when nobody answers; on a starved host the disk takes some more. */
    private static final Duration ATTACH_WITHIN = Duration.ofSeconds(60);

    /** The kernel ends a session within a second of the last command on it; one it keeps longer is being re-established. */
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** How often the kernel's tree is looked at; what it costs is reading some files. */
    private static final Duration WATCH = Duration.ofSeconds(1);

    /**
     * Where things are.
     *
     * @param sysfs {@code /sys}
     * @param nodes {@code /etc/iscsi/nodes}
     * @param records a directory of the agent's own
     */
    public record Places(Path sysfs, Path nodes, Path records) {
        public static Places ofThisHost(Path stateDirectory) {
            return new Places(Path.of("/sys"), Path.of("/etc/iscsi/nodes"), stateDirectory.resolve("attachments"));
        }
    }

    private final AttachmentRecords records;
    private final KernelTree tree;
    private final Paths paths;
    private final LongSupplier nanoTime;
    private final Map<String, Attached> attached = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    public KernelAttachments(DeviceMapper mapper, Commands commands, Places places) {
        this(mapper, commands, places, GONE_WITHIN, System::nanoTime);
    }

    KernelAttachments(
            DeviceMapper mapper, Commands commands, Places places, Duration goneWithin, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.records = new AttachmentRecords(places.records());
        this.tree = new KernelTree(places.sysfs());
        this.paths = new Paths(
                tree,
                new Initiator(commands),
                new NodeDatabase(places.nodes()),
                mapper,
                new MappedDevices(places.sysfs()),
                goneWithin);
    }

    /** Begins to watch over what is ordered; ends with {@link #close}. */
    public void watch() {
        Thread.ofVirtual().name("paths").start(() -> {
            try {
                while (!closed.await(WATCH.toNanos(), TimeUnit.NANOSECONDS)) {
                    attached.values()
                            .forEach(one -> Thread.ofVirtual().name("path").start(() -> look(one)));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * Logs in, checks size, block size and serial, and makes the map; where the map is there already, it is taken over as it
     * is and the watch sees to its path. Fails typed by what is to be done, and leaves nothing of a first attempt behind.
     *
     * @return the map, read-only if so ordered
     */
    public Path attach(AttachmentOrder order) {
        alone(order.map(), () -> {
            if (paths.isMapped(order.map())) {
                takeOver(order);
                return;
            }
            records.write(AttachmentRecord.of(order));
            try {
                bringUp(order);
            } catch (RuntimeException e) {
                undo(order.map(), e);
                throw e;
            }
            attached.put(order.map().value(), new Attached(order, nanoTime));
        });
        return order.map().path();
    }

    /**
     * For an attachment of before a restart, whose source may be away: the map is there when the call returns, and reads wait
     * until the watch has logged in.
     */
    public Path attachLater(AttachmentOrder order) {
        alone(order.map(), () -> {
            if (!paths.isMapped(order.map())) {
                requireSmallBlocks(order);
                records.write(AttachmentRecord.of(order));
                paths.makeWithoutPath(order);
            }
            takeOver(order);
        });
        return order.map().path();
    }

    /** A map without a path passes for one of 512-byte blocks, and what is built on it believes so for ever. */
    private static void requireSmallBlocks(AttachmentOrder order) {
        if (order.disk().blockBytes() != 512) {
            throw new HostActionException(
                    "SOURCE_UNREACHABLE",
                    FailureKind.RETRY,
                    "volume " + order.volume() + " has blocks of "
                            + order.disk().blockBytes()
                            + " bytes: its disk cannot be made again before its source answers; it is tried again");
        }
    }

    private void takeOver(AttachmentOrder order) {
        AttachmentRecord before = records.find(order.map());
        if (before != null && !before.sameNode(order.node())) {
            // what is in flight there fails, waits in the map, and goes to the new place
            paths.endSessions(before.target(), before.portal());
        }
        records.write(AttachmentRecord.of(order));
        attached.compute(
                order.map().value(),
                (map, known) -> known != null && known.order.equals(order) ? known : new Attached(order, nanoTime));
    }

    private void bringUp(AttachmentOrder order) {
        long began = System.nanoTime();
        Patience patience = new Patience(nanoTime);
        while (System.nanoTime() - began < ATTACH_WITHIN.toNanos()) {
            PathStep step = PathStep.next(paths.view(order, patience));
            paths.perform(order, step, patience);
            switch (step) {
                case PathStep.Nothing nothing -> {
                    return;
                }
                case PathStep.Make make -> {
                    return;
                }
                case PathStep.Wait wait -> pause();
                case PathStep.AskDaemon ask -> pause();
                case PathStep.Scan scan -> pause();
                case PathStep.Resume resume -> {}
                case PathStep.LogIn logIn -> {}
                case PathStep.Revive revive -> {}
                case PathStep.Replace replace -> {}
                case PathStep.Reinstate reinstate -> {}
            }
        }
        throw new HostActionException(
                "SOURCE_UNREACHABLE",
                FailureKind.RETRY,
                "the disk of " + order.node().target() + " on " + order.node().portal() + " did not come up within "
                        + ATTACH_WITHIN + "; it is tried again, see iscsiadm -m session -P 3");
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostActionException("INTERRUPTED", FailureKind.RETRY, "the agent stops while attaching", e);
        }
    }

    private void undo(DeviceName map, RuntimeException cause) {
        try {
            end(map);
        } catch (RuntimeException e) {
            // It stays on record, is observed, and goes when its migration is discarded.
            cause.addSuppressed(e);
        }
    }

    /** Cheap: reads some files of the kernel's tree. */
    public List<AttachmentState> observe() {
        Map<String, Session> sessions = new HashMap<>();
        tree.sessions().forEach(session -> sessions.put(session.target(), session));
        List<AttachmentState> found = new ArrayList<>();
        for (AttachmentRecord record : records.list()) {
            Session session = sessions.get(record.target());
            Attached known = attached.get(record.map());
            AttachmentFailure failure = known == null ? null : known.failure();
            // a session whose disk cannot be put under the map is of no use
            boolean connected = session != null && session.loggedIn() && failure == null;
            found.add(new AttachmentState(
                    record.map(),
                    record.volume(),
                    record.migration(),
                    record.target(),
                    record.portal(),
                    connected,
                    known == null ? Duration.ZERO : known.inState(connected),
                    failure));
        }
        return List.copyOf(found);
    }

    /**
     * Ends the attachment: map, disk, session, node record. Harmless when there is none.
     *
     * @throws HostActionException {@code ATTACHMENT_IN_USE} while something is built on the map
     */
    public void detach(DeviceName map) {
        alone(map, () -> end(map));
    }

    private void end(DeviceName map) {
        paths.unmap(map);
        attached.remove(map.value());
        AttachmentRecord record = records.find(map);
        if (record != null) {
            paths.endSessions(record.target(), record.portal());
            records.remove(map);
        }
    }

    /** Looks at every attachment once and does what is to be done; for tests, which have no watch. */
    void lookAtAll() {
        attached.values().forEach(this::look);
    }

    private void look(Attached one) {
        ReentrantLock lock = lock(one.order.map());
        if (!lock.tryLock()) {
            // Somebody is at it, perhaps an earlier look that has to wait.
            return;
        }
        try {
            if (attached.get(one.order.map().value()) == one && !one.isQuiet(paths.quietDisk(one.order))) {
                PathStep step = PathStep.next(paths.view(one.order, one.patience));
                String disk = paths.quietDisk(one.order);
                paths.perform(one.order, step, one.patience);
                one.did(step, disk);
            }
        } catch (RuntimeException e) {
            one.failed(e);
        } finally {
            lock.unlock();
        }
    }

    private void alone(DeviceName map, Runnable action) {
        ReentrantLock lock = lock(map);
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(DeviceName map) {
        return locks.computeIfAbsent(map.value(), key -> new ReentrantLock());
    }

    /** Ends the watch; attachments stay. */
    @Override
    public void close() {
        closed.countDown();
    }
}
