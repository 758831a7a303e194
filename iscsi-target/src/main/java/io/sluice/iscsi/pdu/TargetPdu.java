package io.sluice.iscsi.pdu;

/** What a target sends. */
public sealed interface TargetPdu extends Pdu
        permits AsyncMessage,
                CommandResponse,
                DataIn,
                LoginResponse,
                LogoutResponse,
                NopIn,
                ReadyToTransfer,
                Reject,
                TaskResponse,
                TextResponse {

    ResponseNumbers numbers();
}
