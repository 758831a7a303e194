package io.sluice.agent.devicemapper;

import org.jspecify.annotations.Nullable;

/** Of dm-era ({@code era.rst}, Status). */
public sealed interface EraStatus extends Status {

    /**
     * It works.
     *
     * @param metadataSnapshot block of the metadata snapshot that can be read now; null when none is held
     */
    record Working(
            long metadataBlocksUsed,
            long metadataBlocks,
            long era,
            @Nullable Long metadataSnapshot) implements EraStatus {}

    record Failed() implements EraStatus {}

    static EraStatus read(Words words) {
        String first = words.next();
        if (first.equals("Fail") || first.equals("Error")) {
            return new Failed();
        }
        Words.Share metadata = words.nextShare();
        long era = words.nextLong();
        String snapshot = words.next();
        return new Working(
                metadata.part(), metadata.whole(), era, snapshot.equals("-") ? null : (Long) Long.parseLong(snapshot));
    }
}
