package io.sluice.iscsi.initiator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Checksums of consecutive regions of a target's disk, as it gave them out or reads them now.
 *
 * @param regionBytes size of a region; the disk's last one may be shorter
 * @param sums CRC32C of each, from {@code firstRegion} on; at least one
 */
public record RegionSums(int regionBytes, long firstRegion, List<Integer> sums) {
    private static final int HEADER_BYTES = 16;

    /** Room for the sums of 1 GiB in regions of 64 KiB. */
    static final int ANSWER_BYTES = HEADER_BYTES + 4 * 16_384;

    public RegionSums {
        sums = List.copyOf(sums);
    }

    /** The first region that this does not tell of. */
    public long end() {
        return firstRegion + sums.size();
    }

    /** @throws IllegalArgumentException it is no answer to such a request */
    static RegionSums decode(long firstRegion, ByteBuffer answer) {
        if (answer.remaining() < HEADER_BYTES) {
            throw new IllegalArgumentException("an answer of " + answer.remaining() + " bytes");
        }
        int regionBytes = answer.getInt(0);
        int count = answer.getInt(4);
        if (regionBytes <= 0 || count < 1 || count > (answer.limit() - HEADER_BYTES) / 4) {
            throw new IllegalArgumentException(
                    count + " sums of regions of " + regionBytes + " bytes in " + answer.limit() + " bytes");
        }
        List<Integer> sums = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sums.add(answer.getInt(HEADER_BYTES + 4 * i));
        }
        return new RegionSums(regionBytes, firstRegion, sums);
    }
}
