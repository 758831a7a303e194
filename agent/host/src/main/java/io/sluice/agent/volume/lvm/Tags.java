package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.Standing;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the tags of a logical volume say of it (lvm(8), TAGS: letters, digits and {@code _+.-/=!:&#}). The standing is one tag,
 * so that a change of it is one tag for another in one commit:
 * {@code sluice.standing=ROLE/EPOCH/FENCE/MIGRATION/whole|part/VERIFIED+WRITTEN+HOLES+MISMATCHED/KEEP-UNTIL/BLOCK-BYTES}, a
 * hyphen for what is not there.
 */
final class Tags {
    /** Marks a logical volume as a volume of this project. */
    static final String VOLUME = "sluice";

    /** On what belongs to a clone device: no volume. */
    static final String METADATA = "sluice.metadata";

    /** On a plain logical volume that is being zeroed: no volume yet, and nobody's when its maker is gone. */
    static final String UNFINISHED = "sluice.unfinished";

    private static final String STANDING = "sluice.standing=";
    private static final String NONE = "-";
    private static final int FIELDS = 8;

    /** What is known of a volume beyond what LVM keeps of any. */
    record Known(Standing standing, int blockBytes) {}

    private Tags() {}

    static boolean ofVolume(LogicalVolume volume) {
        boolean metadata = volume.tags().contains(METADATA)
                || (volume.name().startsWith("sluice-")
                        && (volume.name().endsWith(".meta") || volume.name().endsWith(".era")));
        return volume.tags().contains(VOLUME) && !metadata;
    }

    static String write(Known known) {
        Standing standing = known.standing();
        VerificationReport verification = standing.verification();
        return STANDING
                + String.join(
                        "/",
                        standing.role().name().toLowerCase(Locale.ROOT),
                        Long.toString(standing.epoch()),
                        Long.toString(standing.fence()),
                        standing.migration() == null
                                ? NONE
                                : standing.migration().value(),
                        standing.whole() ? "whole" : "part",
                        verification == null ? NONE : write(verification),
                        standing.keepUntil() == null
                                ? NONE
                                : standing.keepUntil().toString(),
                        Integer.toString(known.blockBytes()));
    }

    private static String write(VerificationReport verification) {
        return verification.verifiedRegions() + "+" + verification.writtenRegions() + "+" + verification.holeRegions()
                + "+" + verification.mismatchedRegions();
    }

    /** The tags that tell a standing; more than one is nobody's doing but a person's. */
    static Set<String> standings(Set<String> tags) {
        return tags.stream().filter(tag -> tag.startsWith(STANDING)).collect(Collectors.toSet());
    }

    /**
     * Null when no tag tells a standing.
     *
     * @throws IllegalArgumentException when they tell what the agent never wrote
     */
    static @Nullable Known read(Set<String> tags) {
        Set<String> found = standings(tags);
        if (found.isEmpty()) {
            return null;
        }
        String tag = found.iterator().next();
        String[] fields = tag.substring(STANDING.length()).split("/", -1);
        if (found.size() > 1 || fields.length != FIELDS) {
            throw new IllegalArgumentException("tags " + found + " tell no standing");
        }
        try {
            return new Known(
                    new Standing(
                            VolumeRole.valueOf(fields[0].toUpperCase(Locale.ROOT)),
                            Long.parseLong(fields[1]),
                            Long.parseLong(fields[2]),
                            fields[3].equals(NONE) ? null : new MigrationId(fields[3]),
                            whole(fields[4]),
                            fields[5].equals(NONE) ? null : verification(fields[5]),
                            fields[6].equals(NONE) ? null : Instant.parse(fields[6])),
                    Integer.parseInt(fields[7]));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("tag " + tag + " tells no standing (" + e.getMessage() + ")", e);
        }
    }

    private static boolean whole(String word) {
        return switch (word) {
            case "whole" -> true;
            case "part" -> false;
            default -> throw new IllegalArgumentException("'" + word + "' is neither whole nor part");
        };
    }

    private static VerificationReport verification(String text) {
        String[] counts = text.split("\\+", -1);
        if (counts.length != 4) {
            throw new IllegalArgumentException("'" + text + "' is no verification");
        }
        return new VerificationReport(
                Long.parseLong(counts[0]),
                Long.parseLong(counts[1]),
                Long.parseLong(counts[2]),
                Long.parseLong(counts[3]));
    }
}
