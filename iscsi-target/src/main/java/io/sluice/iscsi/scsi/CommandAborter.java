package io.sluice.iscsi.scsi;

/** Ends commands of one nexus that do not run yet, on another's demand: a reset (SAM-5 §6.3.3) or PREEMPT AND ABORT. */
@FunctionalInterface
public interface CommandAborter {
    /** For a nexus that has nothing to abort. */
    CommandAborter NONE = lun -> {};

    /** May be called from any thread and must not block; repeating it is harmless. */
    void abortCommands(int lun);
}
