package io.sluice.agent.clone;

import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.iscsi.block.BlockDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Where a clone device keeps its metadata, and what that is bound to.
 *
 * @param bootId the kernel's id of this boot: how far what is not durable may be relied on
 */
public record CloneFiles(Path metadata, CloneBinding binding, String bootId) {
    public boolean exist() {
        return Files.exists(metadata);
    }

    /** Forgets everything about a clone device: only when the plain disk has taken its place, or all of it is given up. */
    public static void delete(Path metadata) {
        FileMedium.delete(warm(metadata));
        FileMedium.delete(metadata);
    }

    /** What is not local by metadata that may be in use; nothing is written. */
    public static List<Range> missing(Path metadata, String bootId) {
        try (MetadataFile file = MetadataFile.open(FileMedium.openForReading(metadata))) {
            RegionLayout layout = file.header().layout();
            BitSet local = local(layout.regions(), file::code);
            if (Files.exists(warm(metadata))) {
                try (WarmMap warm = WarmMap.look(
                        FileMedium.openForReading(warm(metadata)),
                        bootId,
                        file.header().identity(),
                        layout.regions())) {
                    local.or(local(layout.regions(), warm::code));
                }
            }
            return MissingRanges.all(local, layout.sizeBytes(), layout.regionBytes());
        }
    }

    private static BitSet local(int regions, IntFunction<Byte> code) {
        BitSet local = new BitSet(regions);
        for (int region = 0; region < regions; region++) {
            local.set(region, RegionState.ofCode(code.apply(region)).local());
        }
        return local;
    }

    WarmMap openWarmMap(MetadataHeader header) {
        return WarmMap.open(
                FileMedium.open(warm(metadata)),
                bootId,
                header.identity(),
                header.layout().regions());
    }

    private static Path warm(Path metadata) {
        return metadata.resolveSibling(metadata.getFileName() + ".warm");
    }

    void create(BlockDevice local, CloneOptions options) {
        Integer asked = options.regionBytes();
        int regionBytes = asked != null ? asked : RegionLayout.defaultRegionBytes(local.sizeBytes());
        if (regionBytes < local.blockBytes()) {
            throw new IllegalArgumentException(
                    "a region of " + regionBytes + " bytes is smaller than a block of " + local.blockBytes());
        }
        RegionLayout layout = new RegionLayout(local.sizeBytes(), regionBytes);
        FileMedium.create(metadata, medium -> MetadataFile.format(medium, binding, layout, local.blockBytes()));
    }

    static void requireFit(BlockDevice local, BlockDevice source) {
        if (local.sizeBytes() != source.sizeBytes() || local.blockBytes() != source.blockBytes()) {
            throw new CloneMetadataException("the local disk has " + local.sizeBytes() + " bytes in blocks of "
                    + local.blockBytes() + ", the source " + source.sizeBytes() + " in blocks of "
                    + source.blockBytes() + ": they must agree");
        }
    }

    static void requireSame(MetadataHeader found, CloneBinding wanted, BlockDevice local) {
        boolean same = found.binding().equals(wanted)
                && found.layout().sizeBytes() == local.sizeBytes()
                && found.blockBytes() == local.blockBytes();
        if (!same) {
            throw new CloneMetadataException("clone metadata is of " + found.binding() + " with "
                    + found.layout().sizeBytes() + " bytes in blocks of " + found.blockBytes() + ", not of " + wanted
                    + " with " + local.sizeBytes() + " in blocks of " + local.blockBytes()
                    + ": discard the other migration first");
        }
    }
}
