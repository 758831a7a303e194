package io.sluice.agent.reconcile;

import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;

/** The volume to be cloned, from where, and for which migration. */
public record CloneOrder(MigrationId migration, long epoch, IncomingVolume volume) {}
