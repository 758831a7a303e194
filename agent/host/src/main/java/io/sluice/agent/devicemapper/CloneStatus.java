package io.sluice.agent.devicemapper;

import io.sluice.agent.devicemapper.CloneTable.Hydration;
import java.util.List;

/** Of dm-clone ({@code dm-clone.rst}, Status). */
public sealed interface CloneStatus extends Status {

    /** Whether its metadata can be written. */
    enum Mode {
        READ_WRITE,
        /** Writes to regions not hydrated, and flushes, fail. */
        READ_ONLY
    }

    /**
     * It works.
     *
     * @param hydratingRegions being copied right now
     */
    record Working(
            long metadataBlocksUsed,
            long metadataBlocks,
            long regionSectors,
            long hydratedRegions,
            long regions,
            long hydratingRegions,
            boolean hydrationOn,
            Hydration hydration,
            Mode mode)
            implements CloneStatus {

        /** Every region is local, nothing is being copied, and that is on record. */
        public boolean complete() {
            return hydratedRegions == regions && hydratingRegions == 0 && mode == Mode.READ_WRITE;
        }
    }

    /** All I/O fails: its metadata can be neither read nor written. */
    record Failed() implements CloneStatus {}

    static CloneStatus read(Words words) {
        String first = words.next();
        if (first.equals("Fail") || first.equals("Error")) {
            return new Failed();
        }
        // the first word is the metadata's block size
        Words.Share metadata = words.nextShare();
        long regionSectors = words.nextLong();
        Words.Share hydrated = words.nextShare();
        long hydrating = words.nextLong();
        List<String> features = words.nextCounted();
        Hydration hydration = Hydration.read(words.nextCounted());
        String mode = words.next();
        return switch (mode) {
            case "rw", "ro" ->
                new Working(
                        metadata.part(),
                        metadata.whole(),
                        regionSectors,
                        hydrated.part(),
                        hydrated.whole(),
                        hydrating,
                        !features.contains(CloneTable.NO_HYDRATION),
                        hydration,
                        mode.equals("rw") ? Mode.READ_WRITE : Mode.READ_ONLY);
            case "Fail" -> new Failed();
            default -> throw words.unexpected("rw, ro or Fail instead of '" + mode + "'");
        };
    }
}
