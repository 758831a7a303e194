package io.sluice.iscsi.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which bytes of a disk are allocated, as told by something other than the disk itself; everything else is hole. */
public final class AllocationMap {
    private final List<Extent> runs;

    private AllocationMap(List<Extent> runs) {
        this.runs = runs;
    }

    /**
     * The map in which these runs are allocated.
     *
     * @param allocated in any order; may touch and overlap
     */
    public static AllocationMap of(List<Extent> allocated) {
        List<Extent> sorted = new ArrayList<>(allocated);
        sorted.sort(Comparator.comparingLong(Extent::offset));
        List<Extent> runs = new ArrayList<>();
        for (Extent next : sorted) {
            Extent last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && next.offset() <= last.end()) {
                runs.removeLast();
                runs.add(new Extent(last.offset(), Math.max(last.end(), next.end()) - last.offset(), true));
            } else {
                runs.add(new Extent(next.offset(), next.lengthBytes(), true));
            }
        }
        return new AllocationMap(List.copyOf(runs));
    }

    public long allocatedBytes() {
        return runs.stream().mapToLong(Extent::lengthBytes).sum();
    }

    /** The run of equal allocation that begins at {@code offset} on a disk of that size. */
    public Extent extentAt(long offset, long sizeBytes) {
        int next = firstEndingAfter(offset);
        if (next == runs.size()) {
            return new Extent(offset, sizeBytes - offset, false);
        }
        Extent run = runs.get(next);
        boolean allocated = run.offset() <= offset;
        long end = Math.min(allocated ? run.end() : run.offset(), sizeBytes);
        return new Extent(offset, end - offset, allocated);
    }

    private int firstEndingAfter(long offset) {
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).end() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
