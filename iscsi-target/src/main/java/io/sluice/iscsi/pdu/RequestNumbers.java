package io.sluice.iscsi.pdu;

/** The numbers of a request (RFC 7143 §4.2.2): its CmdSN, and the next StatSN its sender expects. */
public record RequestNumbers(int cmdSn, int expStatSn) {}
