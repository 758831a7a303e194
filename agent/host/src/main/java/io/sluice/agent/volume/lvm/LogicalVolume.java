package io.sluice.agent.volume.lvm;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One logical volume as LVM reports it.
 *
 * @param roles what others take it for, in LVM's words (lvs(8), lv_role)
 * @param thin what only thin volumes and thin pools have; null for others
 * @param sectorBytes logical block size of its device; null while it is not active
 */
record LogicalVolume(
        String group,
        String name,
        long sizeBytes,
        Set<String> tags,
        Set<String> roles,
        boolean writable,
        @Nullable Integer sectorBytes,
        @Nullable Thin thin) {

    /** The role of a volume that thin volumes of another pool, or beside it, read through to (lib/metadata/lv.c of LVM). */
    static final String EXTERNAL_ORIGIN = "extthinorigin";

    /**
     * @param pool the thin pool it is taken from; null for a thin pool itself
     * @param id by which the thin pool knows it; null for a thin pool itself
     * @param dataPercent of a volume what is mapped, of a pool what is taken; null while it is not active
     * @param metadataPercent of a pool what of its metadata is taken; null where not told
     * @param zeroing of a pool, whether chunks are zeroed before they are given out
     * @param chunkBytes of a pool, what it gives out at a time
     * @param readsThrough of a volume, whether what it has not mapped is read from a volume outside of its pool (lvmthin(7), "external,
     *     read only LV"): then a chunk that is not mapped is no hole
     */
    record Thin(
            @Nullable String pool,
            @Nullable Integer id,
            @Nullable Double dataPercent,
            @Nullable Double metadataPercent,
            boolean zeroing,
            int chunkBytes,
            boolean readsThrough) {}

    LogicalVolume {
        tags = Set.copyOf(tags);
        roles = Set.copyOf(roles);
    }

    /** Whether it is a snapshot that keeps what its origin no longer has: its size is that of what it keeps, its device's is the origin's. */
    boolean isCowSnapshot() {
        return roles.contains("thicksnapshot");
    }

    /** Whether LVM removes other volumes with it: snapshots of it that are no thin ones, or thin volumes that read through to it. */
    boolean carriesOthers() {
        return roles.contains("thickorigin") || roles.contains(EXTERNAL_ORIGIN);
    }

    boolean active() {
        return sectorBytes != null;
    }

    boolean isThinPool() {
        return thin != null && thin.pool() == null;
    }

    /** The thin pool it is taken from; null for a plain logical volume and for a thin pool itself. */
    @Nullable
    String thinPool() {
        return thin == null ? null : thin.pool();
    }

    String path() {
        return group + "/" + name;
    }

    LogicalVolume with(Set<String> newTags, boolean newWritable) {
        return new LogicalVolume(group, name, sizeBytes, newTags, roles, newWritable, sectorBytes, thin);
    }

    /** With as much mapped as in that look at it. */
    LogicalVolume filledAs(LogicalVolume looked) {
        return new LogicalVolume(group, name, sizeBytes, tags, roles, writable, sectorBytes, looked.thin());
    }

    LogicalVolume named(String newName) {
        return new LogicalVolume(group, newName, sizeBytes, tags, roles, writable, sectorBytes, thin);
    }
}
