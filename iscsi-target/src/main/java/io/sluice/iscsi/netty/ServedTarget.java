package io.sluice.iscsi.netty;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.OpenSession;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.scsi.InitiatorPort;
import io.sluice.iscsi.scsi.LogicalUnit;
import io.sluice.iscsi.scsi.LogicalUnitServer;
import io.sluice.iscsi.scsi.Lun;
import io.sluice.iscsi.scsi.ReservationStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** One target while it is served: its units, its sessions, its rate, its counters. */
final class ServedTarget {

    /** One session per initiator port (RFC 7143 §4.4.2): whoever comes with the same replaces the other. */
    private record Port(String initiator, Isid isid) {}

    private final TargetDefinition definition;
    private final Pacer.Share share;
    private final Duration patience;
    private final List<ReentrantReadWriteLock> unitLocks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Port, TargetSession> sessions = new HashMap<>();
    /** Closed sessions that may still have commands on a disk. */
    private final List<TargetSession> leaving = new ArrayList<>();

    private final TrafficMeter traffic = new TrafficMeter();
    private final LogicalUnitServer server;
    private volatile boolean closed;

    ServedTarget(TargetDefinition definition, Pacer.Share share, Duration patience, ReservationStore reservations) {
        this.definition = definition;
        this.share = share;
        this.patience = patience;
        server = new LogicalUnitServer(
                definition.luns().stream()
                        .map(unit -> unit.on(watched(unit.device())))
                        .toList(),
                reservations);
        unitLocks = definition.luns().stream()
                .map(unit -> new ReentrantReadWriteLock(true))
                .toList();
    }

    private BlockDevice watched(BlockDevice device) {
        return new WatchedDisk(device, patience);
    }

    TargetDefinition definition() {
        return definition;
    }

    Pacer.Share share() {
        return share;
    }

    boolean closed() {
        return closed;
    }

    LogicalUnitServer server() {
        return server;
    }

    /** Held (for reading) while a command runs on a unit; null where there is no such unit. */
    @Nullable
    ReentrantReadWriteLock unitLock(long lunField) {
        int lun = Lun.decode(lunField);
        return lun >= 0 && lun < unitLocks.size() ? unitLocks.get(lun) : null;
    }

    TrafficMeter traffic() {
        return traffic;
    }

    /** Puts another device behind a unit: waits for the commands on the old one while new ones wait. */
    void swap(int lun, BlockDevice device, Duration limit) {
        if (lun < 0 || lun >= unitLocks.size()) {
            throw new IllegalArgumentException(
                    "target " + definition.name() + " has no LUN " + lun + ", only 0 to " + (unitLocks.size() - 1));
        }
        LogicalUnit old = server.unit(lun);
        if (old.device().sizeBytes() != device.sizeBytes() || old.device().blockBytes() != device.blockBytes()) {
            throw new IllegalArgumentException(
                    "LUN %d of %s is %d bytes in blocks of %d; the new device is %d in blocks of %d"
                            .formatted(
                                    lun,
                                    definition.name(),
                                    old.device().sizeBytes(),
                                    old.device().blockBytes(),
                                    device.sizeBytes(),
                                    device.blockBytes()));
        }
        ReentrantReadWriteLock.WriteLock alone = unitLocks.get(lun).writeLock();
        if (!locked(alone, limit)) {
            throw new TargetBusyException("commands are on LUN %d of %s for longer than %d ms: it keeps its device"
                    .formatted(lun, definition.name(), limit.toMillis()));
        }
        try {
            server.replace(lun, watched(device));
        } finally {
            alone.unlock();
        }
    }

    private static boolean locked(ReentrantReadWriteLock.WriteLock lock, Duration limit) {
        try {
            return lock.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean hasRoom(String initiator, int limit) {
        lock.lock();
        try {
            return sessions.size() < limit
                    || sessions.keySet().stream()
                            .anyMatch(port -> port.initiator().equals(initiator));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a session in, at once, and closes the one it replaces (RFC 7143 §6.3.5). What that and earlier sessions of the
     * initiator still have on a disk must end before the new one's commands run: a late write of theirs would undo a newer one.
     * So it is with a session that only comes over a new connection (RFC 7143 §6.3.4), but that keeps its nexus. False if the target
     * is no longer served, or that session no longer there.
     */
    boolean add(LoginResult login, TargetSession session) {
        TargetSession replaced;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            Port port = new Port(login.peer().initiator(), login.peer().isid());
            TargetSession there = sessions.get(port);
            boolean goesOn = login.peer().tsih() != 0;
            if (goesOn && (there == null || there.open().tsih() != login.tsih())) {
                return false;
            }
            replaced = sessions.put(port, session);
            if (replaced != null) {
                leaving.add(replaced);
            }
            leaving.removeIf(left -> left.inFlight().closed() && left.inFlight().isIdle());
            InitiatorPort initiatorPort =
                    new InitiatorPort(port.initiator(), port.isid().value());
            session.join(
                    goesOn
                            ? server.resume(initiatorPort, session::abortCommands)
                            : server.establish(initiatorPort, session::abortCommands),
                    leaving.stream()
                            .filter(left -> left.initiator().equals(login.peer().initiator()))
                            .map(TargetSession::inFlight)
                            .toList());
        } finally {
            lock.unlock();
        }
        if (replaced != null) {
            replaced.close("its initiator port has logged in again");
        }
        return true;
    }

    @Nullable
    OpenSession session(String initiator, Isid isid) {
        lock.lock();
        try {
            TargetSession session = sessions.get(new Port(initiator, isid));
            return session == null ? null : session.open();
        } finally {
            lock.unlock();
        }
    }

    /** TARGET COLD RESET (RFC 7143 §11.6.1). Each of them leaves as it would if its peer had gone. */
    void closeAllBut(TargetSession one) {
        List<TargetSession> others;
        lock.lock();
        try {
            others =
                    sessions.values().stream().filter(session -> session != one).toList();
        } finally {
            lock.unlock();
        }
        others.forEach(session -> session.close("another initiator reset the target"));
    }

    /** A session's connection is gone. */
    void remove(TargetSession session) {
        lock.lock();
        try {
            if (sessions.values().remove(session)) {
                leaving.add(session);
            }
            leaving.removeIf(left -> left.inFlight().closed() && left.inFlight().isIdle());
        } finally {
            lock.unlock();
        }
        session.leave(server);
    }

    /** Takes no more sessions, closes those there are, and returns when no command is on a disk. Harmless when repeated. */
    void close(Duration limit) {
        List<TargetSession> all = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            all.addAll(sessions.values());
            all.addAll(leaving);
        } finally {
            lock.unlock();
        }
        all.forEach(session -> session.close("the target is no longer served"));
        long end = System.nanoTime() + limit.toNanos();
        for (TargetSession session : all) {
            if (!session.inFlight().awaitIdle(Duration.ofNanos(end - System.nanoTime()))) {
                throw new TargetBusyException(
                        "commands are on a disk of %s for longer than %d ms: its sessions are closed"
                                .formatted(definition.name(), limit.toMillis()));
            }
        }
    }

    TargetStatus status() {
        lock.lock();
        try {
            List<SessionStatus> open =
                    sessions.values().stream().map(TargetSession::status).toList();
            return new TargetStatus(definition.name(), open, traffic.now());
        } finally {
            lock.unlock();
        }
    }
}
