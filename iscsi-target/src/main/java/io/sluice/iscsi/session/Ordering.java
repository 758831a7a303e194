package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LogoutRequest;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.SnackRequest;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TextRequest;

/**
 * How a request stands to the order of commands (RFC 7143 §4.2.2.1).
 *
 * @param numbered whether it has a CmdSN of its own: immediate requests only show the next
 */
record Ordering(boolean numbered, int cmdSn) {

    private static final Ordering NONE = new Ordering(false, 0);

    static Ordering of(InitiatorPdu request) {
        return switch (request) {
            case CommandRequest command ->
                new Ordering(!command.flags().immediate(), command.numbers().cmdSn());
            case TaskRequest task ->
                new Ordering(!task.immediate(), task.numbers().cmdSn());
            case TextRequest text ->
                new Ordering(!text.immediate(), text.numbers().cmdSn());
            case LogoutRequest logout ->
                new Ordering(!logout.immediate(), logout.numbers().cmdSn());
            case NopOut ping ->
                new Ordering(
                        !ping.immediate() && ping.taskTag() != Pdu.RESERVED_TAG,
                        ping.numbers().cmdSn());
            case DataOut ignored -> NONE;
            case SnackRequest ignored -> NONE;
            case LoginRequest ignored -> NONE;
        };
    }
}
