package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.volume.PoolGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One copy of a volume in a volume group, and what turns it into what it should be. Pure. */
record LvmCopy(PoolGroup pool, LogicalVolume logical, VolumeId volume, Standing standing, int blockBytes) {

    boolean retired() {
        return standing.role() == VolumeRole.RETIRED;
    }

    VolumeState state() {
        return new VolumeState(
                volume, pool.name(), logical.sizeBytes(), blockBytes, allocatedBytes(), logical.writable(), standing);
    }

    /**
     * LVM rounds the mapped part of a thin volume to a ten-thousandth; a plain volume has all its bytes. What is read through to an
     * external origin is the volume's content too, and nobody counts it.
     */
    private @Nullable Long allocatedBytes() {
        LogicalVolume.Thin thin = logical.thin();
        if (thin == null) {
            return logical.sizeBytes();
        }
        Double percent = thin.dataPercent();
        return percent == null || thin.readsThrough() ? null : Math.round(logical.sizeBytes() / 100.0 * percent);
    }

    static String asideName(VolumeId volume, long epoch) {
        return volume + "+" + epoch;
    }

    /** Tags and read-only flag with that standing. */
    LogicalVolume as(Standing next) {
        Set<String> tags = new HashSet<>(logical.tags());
        tags.removeAll(Tags.standings(tags));
        tags.add(Tags.VOLUME);
        tags.add(Tags.write(new Tags.Known(next, blockBytes)));
        boolean writable = switch (next.role()) {
            case OWNED, INCOMING -> true;
            case FROZEN, RETIRED -> false;
        };
        return logical.with(tags, writable);
    }

    /** Null when there is nothing to change: LVM takes setting what is set for a failure. */
    static @Nullable List<String> change(LogicalVolume from, LogicalVolume to) {
        boolean same = from.tags().equals(to.tags()) && from.writable() == to.writable();
        return same ? null : changing(from, to);
    }

    /** One command, one commit. */
    static List<String> changing(LogicalVolume from, LogicalVolume to) {
        List<String> line = new ArrayList<>(List.of("lvchange"));
        if (from.writable() != to.writable()) {
            line.addAll(List.of("--permission", to.writable() ? "rw" : "r"));
        }
        from.tags().stream().filter(tag -> !to.tags().contains(tag)).sorted().forEach(tag -> {
            line.add("--deltag");
            line.add(tag);
        });
        to.tags().stream().filter(tag -> !from.tags().contains(tag)).sorted().forEach(tag -> {
            line.add("--addtag");
            line.add(tag);
        });
        line.add(from.path());
        return List.copyOf(line);
    }
}
