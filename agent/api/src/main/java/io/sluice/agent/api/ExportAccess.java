package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * How one export admits its one initiator (RFC 7143 §9.2, §12.1).
 *
 * @param target IQN of the export; LUN 0 is the volume
 * @param initiator the only InitiatorName admitted
 * @param secrets one-time mutual CHAP secrets made for this migration
 * @param bytesPerSecond ceiling of what the export serves; null is no ceiling
 */
public record ExportAccess(
        String target,
        String initiator,
        ChapSecrets secrets,
        @Nullable Long bytesPerSecond) {}
