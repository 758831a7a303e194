package io.sluice.iscsi.scsi;

/** A copy that is done, for who asks for it by its list identifier. */
record CopyOutcome(int listIdentifier, int segments, long bytes) {}
