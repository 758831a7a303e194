package io.sluice.agent.volume;

import io.sluice.agent.reconcile.Standing;

/** Kept beside a volume's file; a file without one was there before any migration. */
record Sidecar(int blockBytes, Standing standing) {}
