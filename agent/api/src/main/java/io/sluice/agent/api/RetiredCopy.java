package io.sluice.agent.api;

/** One retired copy on a host: where a volume was before a migration took it elsewhere. */
public record RetiredCopy(VolumeId volume, long epoch) {}
