package io.sluice.iscsi.pdu;

/**
 * Task Management Function Request (RFC 7143 §11.5).
 *
 * @param function its code; {@link TaskFunction} names those known
 * @param referencedTag the task meant by ABORT TASK and TASK REASSIGN
 * @param refCmdSn the CmdSN of that task
 */
public record TaskRequest(
        boolean immediate,
        int function,
        long lun,
        int taskTag,
        int referencedTag,
        RequestNumbers numbers,
        int refCmdSn,
        int expDataSn)
        implements InitiatorPdu {}
