package io.sluice.iscsi.session;

import io.sluice.iscsi.login.Peer;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LogoutRequest;
import io.sluice.iscsi.pdu.LogoutResponse;
import io.sluice.iscsi.pdu.NopIn;
import io.sluice.iscsi.pdu.NopOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.SnackRequest;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.pdu.TaskRequest;
import io.sluice.iscsi.pdu.TextRequest;
import io.sluice.iscsi.pdu.UnknownPdu;
import java.nio.ByteBuffer;

/**
 * A session in the full feature phase, as the target has it: state and input to state and things to do. A session closed takes no
 * further input but the ends of what still runs.
 */
public final class SessionMachine {

    private final Peer peer;
    private final SessionLimits limits;
    private final Commands commands;
    private final TaskManagement management;
    private final TextExchange texts;

    /** @param logicalUnits how many the target has, from LUN 0 */
    public SessionMachine(Peer peer, int logicalUnits, SessionLimits limits, TargetDiscovery discovery) {
        this.peer = peer;
        this.limits = limits;
        this.commands = new Commands(limits);
        this.management = new TaskManagement(logicalUnits);
        this.texts = new TextExchange(peer, discovery);
    }

    public SessionStep step(SessionState state, SessionInput input) {
        SessionDraft draft = new SessionDraft(state, limits.commandWindow());
        switch (input) {
            case SessionInput.Received received -> {
                if (!draft.closed()) {
                    received(draft, received.pdu());
                }
            }
            case SessionInput.Executed executed -> {
                commands.executed(draft, executed.task(), executed.outcome());
                management.ended(draft, executed.task());
            }
            case SessionInput.Delivered delivered -> commands.delivered(draft, delivered.task());
            case SessionInput.AbortedElsewhere aborted -> commands.abortedElsewhere(draft, aborted.lun());
            case SessionInput.ResetDone done -> management.resetDone(draft, done);
            case SessionInput.Tick ignored -> tick(draft);
            case SessionInput.Corrupted corrupted -> {
                if (!draft.closed()) {
                    draft.corrupted(corrupted.header());
                    draft.close("data digest error"); // without recovery only a new session helps (RFC 7143 §7.8)
                }
            }
            case SessionInput.Granted granted ->
                draft.memory(new SessionState.Memory(draft.memory().granted() + granted.bytes(), false));
            case SessionInput.Reclaim ignored -> commands.reclaim(draft);
            case SessionInput.Lost ignored -> {
                draft.lost();
                commands.forget(draft);
            }
        }
        if (!draft.closed()) {
            commands.admit(draft);
        }
        commands.giveBackWhenIdle(draft);
        return draft.finish();
    }

    private void received(SessionDraft draft, Pdu pdu) {
        draft.liveness(new SessionState.Liveness(true, draft.liveness().pinged()));
        switch (pdu) {
            case InitiatorPdu request -> request(draft, request);
            case TargetPdu mistaken -> {
                draft.reject(Reject.PROTOCOL_ERROR, mistaken);
                draft.close("the initiator sent what only a target sends");
            }
            case UnknownPdu unknown -> draft.reject(Reject.COMMAND_NOT_SUPPORTED, unknown);
        }
    }

    private void request(SessionDraft draft, InitiatorPdu request) {
        if (peer.target() == null && !ofDiscovery(request)) {
            draft.reject(Reject.PROTOCOL_ERROR, request); // RFC 7143 §4.3: discovery takes text and logout alone
            return;
        }
        Ordering ordering = Ordering.of(request);
        if (!ordering.numbered()) {
            perform(draft, request);
            return;
        }
        switch (draft.place(ordering.cmdSn())) {
            case NOWHERE -> {}
            case EARLY -> draft.keep(ordering.cmdSn(), request);
            case NEXT -> {
                performNumbered(draft, request);
                performKept(draft);
            }
        }
    }

    private void performNumbered(SessionDraft draft, InitiatorPdu request) {
        draft.numbered(true);
        perform(draft, request);
        draft.numbered(false);
    }

    private void performKept(SessionDraft draft) {
        InitiatorPdu kept = draft.closed() ? null : draft.nextKept();
        while (kept != null) {
            performNumbered(draft, kept);
            kept = draft.closed() ? null : draft.nextKept();
        }
    }

    private static boolean ofDiscovery(InitiatorPdu request) {
        return switch (request) {
            case TextRequest ignored -> true;
            case LogoutRequest ignored -> true;
            case CommandRequest ignored -> false;
            case DataOut ignored -> false;
            case TaskRequest ignored -> false;
            case NopOut ignored -> false;
            case SnackRequest ignored -> false;
            case LoginRequest ignored -> false;
        };
    }

    private void perform(SessionDraft draft, InitiatorPdu request) {
        switch (request) {
            case CommandRequest command -> commands.arrived(draft, command);
            case DataOut data -> commands.dataArrived(draft, data);
            case TaskRequest task -> {
                management.requested(draft, task);
                performKept(draft);
            }
            case TextRequest text -> texts.received(draft, text);
            case NopOut ping -> ping(draft, ping);
            case LogoutRequest logout -> logout(draft, logout);
            case SnackRequest snack -> draft.reject(Reject.SNACK_REJECT, snack);
            case LoginRequest login -> {
                draft.reject(Reject.PROTOCOL_ERROR, login);
                draft.close("login request in the full feature phase");
            }
        }
    }

    /** RFC 7143 §11.18: a ping, or the answer to one of ours. */
    private static void ping(SessionDraft draft, NopOut ping) {
        if (ping.taskTag() == Pdu.RESERVED_TAG) {
            draft.liveness(new SessionState.Liveness(true, false));
            return;
        }
        int echoed = Math.min(ping.data().remaining(), draft.parameters().initiatorSegmentBytes());
        ByteBuffer data = ping.data().slice(ping.data().position(), echoed);
        draft.send(new NopIn(ping.lun(), ping.taskTag(), Pdu.RESERVED_TAG, draft.status(), data));
    }

    /** Pings a peer that was silent since the last tick, and gives up one that did not answer that. */
    private void tick(SessionDraft draft) {
        if (draft.closed()) {
            return;
        }
        SessionState.Liveness liveness = draft.liveness();
        if (liveness.heard()) {
            draft.liveness(new SessionState.Liveness(false, false));
        } else if (liveness.pinged()) {
            draft.close("the initiator answers no pings");
        } else if (peer.target() == null) {
            draft.liveness(new SessionState.Liveness(false, true)); // RFC 7143 §7.4.3: no pings in a discovery session
        } else {
            draft.liveness(new SessionState.Liveness(false, true));
            draft.send(new NopIn(0, Pdu.RESERVED_TAG, draft.nextTransferTag(), draft.noStatus(), Pdu.NO_DATA));
        }
    }

    private void logout(SessionDraft draft, LogoutRequest logout) {
        int response = switch (logout.reason()) {
            case LogoutRequest.CLOSE_SESSION -> LogoutResponse.CLOSED;
            case LogoutRequest.CLOSE_CONNECTION ->
                logout.connectionId() == peer.connectionId()
                        ? LogoutResponse.CLOSED
                        : LogoutResponse.NO_SUCH_CONNECTION;
            default -> LogoutResponse.RECOVERY_NOT_SUPPORTED;
        };
        draft.send(new LogoutResponse(logout.taskTag(), response, draft.status(), 0, 0));
        if (response == LogoutResponse.CLOSED) {
            draft.close("logout");
        }
    }
}
