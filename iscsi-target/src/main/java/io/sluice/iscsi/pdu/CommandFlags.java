package io.sluice.iscsi.pdu;

/**
 * The flags of a SCSI Command PDU (RFC 7143 §11.3.1).
 *
 * @param immediate not part of the ordered command stream
 * @param last no unsolicited data follows in Data-Out PDUs
 * @param read data is expected from the target
 * @param write data is expected by the target
 * @param attribute the task attribute: 0 untagged, 1 simple, 2 ordered, 3 head of queue, 4 ACA
 */
public record CommandFlags(boolean immediate, boolean last, boolean read, boolean write, int attribute) {

    public static final CommandFlags NO_DATA = new CommandFlags(false, true, false, false, 1);

    public static final CommandFlags READ = new CommandFlags(false, true, true, false, 1);

    /** A write whose unsolicited data, if any, is all in the command PDU itself. */
    public static final CommandFlags WRITE = new CommandFlags(false, true, false, true, 1);
}
