package io.sluice.iscsi.scsi;

/** What a command does, as far as reservations and write protection care (SPC-4 table 67, SBC-3 table 13). */
enum Access {
    /** Runs whatever is reserved: INQUIRY, REPORT LUNS, REQUEST SENSE, RELEASE. */
    ALWAYS,
    /** Runs beside any persistent reservation, not where a unit is reserved the old way (SPC-2 §5.5.1). */
    UNLESS_RESERVED,
    /** PERSISTENT RESERVE IN and OUT, and RESERVE: they decide themselves. */
    RESERVATION,
    READ,
    WRITE
}
