package io.sluice.iscsi.pdu;

/** The numbers of a response (RFC 7143 §4.2.2): its StatSN, and the window of CmdSNs the target takes. */
public record ResponseNumbers(int statSn, int expCmdSn, int maxCmdSn) {}
