package io.sluice.iscsi.pdu;

/** What an initiator sends. */
public sealed interface InitiatorPdu extends Pdu
        permits CommandRequest, DataOut, LoginRequest, LogoutRequest, NopOut, SnackRequest, TaskRequest, TextRequest {}
