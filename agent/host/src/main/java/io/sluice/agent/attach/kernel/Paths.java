package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Disk;
import io.sluice.agent.devicemapper.DeviceInfo;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceMapper.Suspend;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.MappedDevices;
import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import io.sluice.agent.devicemapper.MultipathStatus;
import io.sluice.agent.devicemapper.MultipathTable;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds out about attachments and does what {@link PathStep} says. Each step is harmless when done again. */
final class Paths {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Duration goneWithin;
    private final KernelTree tree;
    private final Initiator initiator;
    private final NodeDatabase nodes;
    private final DeviceMapper mapper;
    private final MappedDevices maps;

    /** @param goneWithin how long the kernel is given to end a session that was logged out */
    Paths(
            KernelTree tree,
            Initiator initiator,
            NodeDatabase nodes,
            DeviceMapper mapper,
            MappedDevices maps,
            Duration goneWithin) {
        this.goneWithin = goneWithin;
        this.maps = maps;
        this.tree = tree;
        this.initiator = initiator;
        this.nodes = nodes;
        this.mapper = mapper;
    }

    PathView view(AttachmentOrder order, Patience patience) {
        Session session = session(order.node().target(), order.node().portal());
        Mapped map = maps.find(order.map());
        return new PathView(
                session,
                session == null ? null : tree.disk(session),
                map == null || !map.hasTable() ? null : status(order.map()),
                map != null && map.hasTable() && map.suspended(),
                patience.spent(session));
    }

    private MultipathStatus status(DeviceName map) {
        return mapper.status(map) instanceof MultipathStatus status ? status : new MultipathStatus(null, false, 0);
    }

    private @Nullable Session session(String target, Portal portal) {
        return tree.sessions().stream()
                .filter(session ->
                        session.target().equals(target) && session.portal().equals(portal))
                .reduce((older, newer) -> newer)
                .orElse(null);
    }

    boolean isMapped(DeviceName map) {
        Mapped found = maps.find(map);
        return found != null && found.hasTable();
    }

    /** The number of the disk when all looks well from the kernel's tree alone; null otherwise. */
    @Nullable
    String quietDisk(AttachmentOrder order) {
        Session session = session(order.node().target(), order.node().portal());
        ScsiDisk disk = session == null || !session.loggedIn() ? null : tree.disk(session);
        return disk == null || !disk.running() ? null : disk.number();
    }

    void perform(AttachmentOrder order, PathStep step, Patience patience) {
        switch (step) {
            case PathStep.Nothing nothing -> {}
            case PathStep.Wait wait -> {}
            case PathStep.AskDaemon ask -> {
                patience.beginAnew();
                initiator.requireDaemon(ask.session());
            }
            case PathStep.Resume resume -> mapper.resume(order.map());
            case PathStep.LogIn login -> {
                nodes.write(order.node());
                initiator.login(order.node());
            }
            case PathStep.Scan scan -> tree.scan(scan.session());
            case PathStep.Revive revive -> tree.setRunning(revive.disk());
            case PathStep.Make make -> {
                ready(order, make.disk());
                make(order, make.disk().number());
            }
            case PathStep.Replace replace -> {
                ready(order, replace.disk());
                mapper.swap(
                        order.map(),
                        table(order.disk(), replace.disk().number()),
                        order.disk().access(),
                        Suspend.KEEPING_BACK,
                        () -> {});
            }
            case PathStep.Reinstate reinstate ->
                mapper.message(order.map(), "reinstate_path", reinstate.disk().number());
        }
    }

    private void ready(AttachmentOrder order, ScsiDisk disk) {
        DiskCheck.require(order, disk);
        tree.neverRunOutOfRetries(disk);
        if (order.migration() == null) {
            // This host's own portal, where a command may wait for a source: whether the agent lives the session's
            // pings tell.
            tree.neverTimeOut(disk);
        }
    }

    /** The map without a path: what is asked of it waits until there is one. */
    void makeWithoutPath(AttachmentOrder order) {
        make(order, null);
    }

    private void make(AttachmentOrder order, @Nullable String path) {
        if (maps.find(order.map()) != null) {
            // left without a table: nobody can be using it
            mapper.remove(order.map());
        }
        mapper.create(order.map(), table(order.disk(), path), order.disk().access());
    }

    private static MultipathTable table(Disk disk, @Nullable String path) {
        return MultipathTable.over(path, disk.sizeBytes());
    }

    /**
     * Takes the map away, so that nothing waits in it for ever.
     *
     * @throws HostActionException {@code ATTACHMENT_IN_USE}: something is still built on it, which must see no error
     */
    void unmap(DeviceName map) {
        DeviceInfo found = maps.find(map) == null ? null : mapper.find(map);
        if (found == null) {
            return;
        }
        if (found.openCount() > 0) {
            throw new HostActionException(
                    "ATTACHMENT_IN_USE",
                    FailureKind.RETRY,
                    "device " + map + " is still in use (" + found.openCount()
                            + " openers): see dmsetup ls --tree; it is tried again");
        }
        if (found.loaded() && found.suspended()) {
            mapper.resume(map);
        }
        if (found.loaded()) {
            // without a path, what a scanner may still have asked would keep the map and the logout waiting
            mapper.message(map, "fail_if_no_path");
        }
        mapper.remove(map);
    }

    /** Ends every session with the target on the portal: first its disk goes, then the session, then what it logged in with. */
    void endSessions(String target, Portal portal) {
        for (Session session : tree.sessions()) {
            if (session.target().equals(target) && session.portal().equals(portal)) {
                ScsiDisk disk = tree.disk(session);
                if (disk != null) {
                    tree.delete(disk);
                }
                nodes.writeIfMissing(target, portal);
                initiator.logout(session);
            }
        }
        awaitNoSession(target, portal);
        nodes.delete(target, portal);
    }

    /**
     * A session that is being re-established may be logged out minutes after {@code iscsiadm} has said so, under whatever has logged
     * in to the same target by then.
     */
    private void awaitNoSession(String target, Portal portal) {
        long began = System.nanoTime();
        while (tree.lingers(target, portal)) {
            if (System.nanoTime() - began > goneWithin.toNanos()) {
                throw new HostActionException(
                        "LOGOUT_REFUSED",
                        FailureKind.RETRY,
                        "the kernel still has a session with " + target + " on " + portal
                                + " after it was logged out; it is tried again: see iscsid's log, and /sys/class/iscsi_session");
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HostActionException("INTERRUPTED", FailureKind.RETRY, "the agent stops while detaching", e);
            }
        }
    }
}
