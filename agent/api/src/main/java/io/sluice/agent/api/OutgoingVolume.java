package io.sluice.agent.api;

/** One volume of an {@link Outgoing} part and how its export admits the destination. */
public record OutgoingVolume(VolumeId volume, ExportAccess access) {}
