package io.sluice.iscsi.session;

/** A task of a session; unlike its Initiator Task Tag never used again. */
public record TaskId(long value) {}
