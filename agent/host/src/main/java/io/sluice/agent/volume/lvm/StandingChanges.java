package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.Standing;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives volumes new standings. One commit of the group's metadata changes tags and read-only flag. The two changes that lie in a
 * workload's interruption, the source's freezing and the destination's owning, hold before LVM has them: they are
 * durable in a {@link PendingStanding}, the kernel forbids writing to the frozen device, and LVM is told right after.
 */
final class StandingChanges {
    private static final Logger log = LoggerFactory.getLogger(StandingChanges.class);

    private final SeenPools seen;
    private final Lvm lvm;
    private final Blocks blocks;
    private final PendingStandings pending;
    private final Executor later;
    private final ReentrantLock telling = new ReentrantLock();

    StandingChanges(SeenPools seen, Lvm lvm, Blocks blocks, PendingStandings pending, Executor later) {
        this.seen = seen;
        this.lvm = lvm;
        this.blocks = blocks;
        this.pending = pending;
        this.later = later;
    }

    void change(VolumeId volume, Standing standing) {
        LvmCopy copy = toldOf(require(volume, standing));
        switch (standing.role()) {
            case FROZEN -> freeze(copy, standing);
            case OWNED -> own(copy, standing);
            case INCOMING -> apply(copy, standing);
            case RETIRED -> {
                LogicalVolume changed = apply(copy, standing);
                String aside = LvmCopy.asideName(volume, standing.epoch());
                lvm.change(new Chore.MoveAside(changed, aside).command());
                seen.note(changed, changed.named(aside));
            }
        }
        if (standing.whole() && !copy.standing().whole() && copy.logical().thin() != null) {
            later.execute(() -> count(copy.logical()));
        }
    }

    /** What moves a copy on next has to know how much there is to move, and all of it was written since the last look. */
    private void count(LogicalVolume whole) {
        try {
            seen.count(whole);
        } catch (HostActionException e) {
            log.warn("volume not counted yet volume={} message=\"{}\"", whole.path(), e.getMessage());
        }
    }

    private LvmCopy require(VolumeId volume, Standing standing) {
        LvmCopy copy = seen.current(volume);
        if (copy == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.RETRY,
                    "volume " + volume + " is in no pool of this host, so it cannot become " + standing.role());
        }
        return copy;
    }

    private void freeze(LvmCopy copy, Standing standing) {
        Path device = device(copy.logical());
        flush(copy, device);
        boolean owned =
                copy.standing().role() == VolumeRole.OWNED && copy.logical().writable();
        if (owned && blocks.forbidWrites(device)) {
            // what somebody wrote in between
            flush(copy, device);
            ahead(copy, standing);
        } else {
            apply(copy, standing);
        }
    }

    private void own(LvmCopy copy, Standing standing) {
        if (copy.standing().role() == VolumeRole.INCOMING && copy.logical().writable()) {
            ahead(copy, standing);
            return;
        }
        LogicalVolume now = apply(copy, standing);
        try {
            blocks.allowWrites(device(now));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_CHANGE_FAILED", FailureKind.RETRY, "volume " + copy.volume() + ": " + e.getMessage(), e);
        }
    }

    private void flush(LvmCopy copy, Path device) {
        try {
            blocks.flush(device);
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_CHANGE_FAILED",
                    FailureKind.RETRY,
                    "volume " + copy.volume() + " cannot be flushed (" + e.getMessage() + "): check the medium",
                    e);
        }
    }

    /** The standing holds when this returns; LVM has it soon, or after the next refresh. */
    private void ahead(LvmCopy copy, Standing standing) {
        Chore.Tell chore = new Chore.Tell(copy.logical(), copy.as(standing));
        pending.write(PendingStanding.of(chore.volume(), chore.wanted()));
        seen.note(chore.volume(), chore.wanted());
        later.execute(() -> {
            telling.lock();
            try {
                if (pending.find(chore.volume()) != null) {
                    lvm.change(chore.command());
                }
            } catch (HostActionException e) {
                log.warn("LVM not told yet volume={} message=\"{}\"", copy.volume(), e.getMessage());
            } finally {
                telling.unlock();
            }
        });
    }

    /** LVM has what it was to be told when this returns: a further change goes out from there. */
    private LvmCopy toldOf(LvmCopy copy) {
        if (pending.find(copy.logical()) == null) {
            return copy;
        }
        telling.lock();
        try {
            tellAll(copy.logical().group());
        } finally {
            telling.unlock();
        }
        LvmCopy now = seen.current(copy.volume());
        return now == null ? copy : now;
    }

    /** Looks at a group; what LVM has not been told of it, by this agent or by one before it, it is told now. */
    void look(String group) {
        if (!pending.any() || !telling.tryLock()) {
            seen.look(group);
            return;
        }
        try {
            tellAll(group);
        } finally {
            telling.unlock();
        }
    }

    private void tellAll(String group) {
        List<Chore> chores = pending.chores(seen.look(group));
        for (Chore chore : chores) {
            log.info("LVM is told what holds already command=\"{}\"", String.join(" ", chore.command()));
            lvm.change(chore.command());
        }
        if (!chores.isEmpty()) {
            seen.relook(group);
        }
    }

    /** What is kept may be behind what an action that ended badly has done: then it is looked at, and tried once more. */
    private LogicalVolume apply(LvmCopy copy, Standing standing) {
        try {
            return applyOnce(copy, standing);
        } catch (HostActionException e) {
            seen.relook(copy.logical().group());
            LvmCopy again = seen.current(copy.volume());
            if (again == null || again.logical().equals(copy.logical())) {
                throw e;
            }
            return applyOnce(again, standing);
        }
    }

    private LogicalVolume applyOnce(LvmCopy copy, Standing standing) {
        LogicalVolume wanted = copy.as(standing);
        List<String> command = LvmCopy.change(copy.logical(), wanted);
        if (command != null) {
            lvm.change(command);
            seen.note(copy.logical(), wanted);
        }
        return wanted;
    }

    private static Path device(LogicalVolume logical) {
        return Path.of("/dev", logical.group(), logical.name());
    }
}
