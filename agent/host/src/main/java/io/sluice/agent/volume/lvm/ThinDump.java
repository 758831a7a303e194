package io.sluice.agent.volume.lvm;

import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what {@code thin_dump --dev-id} prints (thin_dump(8)): one element a line, mappings in chunks of
 * {@code data_block_size} sectors. Mappings that volumes share may stand before them, in a {@code <def>} that a {@code <ref>} names: all
 * mappings are taken for the volume's, and there must be as many as it says it has. Pure.
 */
final class ThinDump {
    private static final int SECTOR_BYTES = 512;

    /** A volume in more pieces is taken as wholly allocated: knowing better would cost the agent its memory. */
    private static final int MOST_RUNS = 2_000_000;

    private static final Pattern SUPERBLOCK = Pattern.compile("<superblock .*data_block_size=\"(\\d+)\"");
    private static final Pattern SINGLE = Pattern.compile("<single_mapping origin_block=\"(\\d+)\"");
    private static final Pattern RANGE =
            Pattern.compile("<range_mapping origin_begin=\"(\\d+)\" data_begin=\"\\d+\" length=\"(\\d+)\"");

    private final Pattern device;
    private long chunkBytes;
    private long mapped;
    private long wanted = -1;
    private boolean ended;
    private final List<Extent> allocated = new ArrayList<>();

    private ThinDump(int thinId) {
        device = Pattern.compile("<device dev_id=\"" + thinId + "\" mapped_blocks=\"(\\d+)\"");
    }

    /** @throws IllegalArgumentException when it is no whole dump of that volume, or has more pieces than can be kept */
    static AllocationMap read(int thinId, Stream<String> lines) {
        ThinDump dump = new ThinDump(thinId);
        lines.forEach(dump::take);
        if (dump.chunkBytes == 0 || !dump.ended) {
            throw new IllegalArgumentException("it is no whole dump");
        }
        if (dump.wanted < 0 || dump.mapped < dump.wanted) {
            throw new IllegalArgumentException(
                    dump.wanted < 0
                            ? "the volume is not in it"
                            : "it has " + dump.mapped + " of " + dump.wanted + " mapped chunks");
        }
        return AllocationMap.of(dump.allocated);
    }

    private void take(String line) {
        Matcher single = SINGLE.matcher(line);
        Matcher range = RANGE.matcher(line);
        if (single.find()) {
            add(Long.parseLong(single.group(1)), 1);
        } else if (range.find()) {
            add(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
        } else {
            Matcher volume = device.matcher(line);
            if (volume.find()) {
                wanted = Long.parseLong(volume.group(1));
            }
            Matcher superblock = SUPERBLOCK.matcher(line);
            if (superblock.find()) {
                chunkBytes = Long.parseLong(superblock.group(1)) * SECTOR_BYTES;
            }
            ended |= line.startsWith("</superblock>");
        }
    }

    private void add(long chunk, long count) {
        if (chunkBytes == 0) {
            throw new IllegalArgumentException("a mapping before the superblock");
        }
        if (allocated.size() >= MOST_RUNS) {
            throw new IllegalArgumentException("it has more than " + MOST_RUNS + " pieces");
        }
        mapped += count;
        allocated.add(new Extent(chunk * chunkBytes, count * chunkBytes, true));
    }
}
