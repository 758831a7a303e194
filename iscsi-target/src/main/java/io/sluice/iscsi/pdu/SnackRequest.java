package io.sluice.iscsi.pdu;

/** SNACK Request (RFC 7143 §11.16): asks for PDUs again, only above ErrorRecoveryLevel 0. */
public record SnackRequest(int type, long lun, int taskTag, int transferTag, int expStatSn, int beginRun, int runLength)
        implements InitiatorPdu {}
