package io.sluice.orchestrator.drain;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of the copies it leaves behind; settled when it begins.
 *
 * @param retainSeconds how long sources keep their copies; null is as the server is configured
 * @param keepCopies whether they keep them until somebody asks for their deletion
 */
public record DrainOptions(@Nullable Long retainSeconds, boolean keepCopies) {
    public static final DrainOptions DEFAULT = new DrainOptions(null, false);

    /** Ten years: who wants a copy for longer keeps it for good. */
    public static final long LONGEST_RETENTION_SECONDS = 10L * 365 * 24 * 60 * 60;
}
