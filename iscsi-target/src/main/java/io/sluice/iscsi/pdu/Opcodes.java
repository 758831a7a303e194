package io.sluice.iscsi.pdu;

/** Opcodes (RFC 7143 §11.2.1.2) and the places of what all headers have in common (§11.2.1). */
final class Opcodes {

    static final int NOP_OUT = 0x00;
    static final int COMMAND_REQUEST = 0x01;
    static final int TASK_REQUEST = 0x02;
    static final int LOGIN_REQUEST = 0x03;
    static final int TEXT_REQUEST = 0x04;
    static final int DATA_OUT = 0x05;
    static final int LOGOUT_REQUEST = 0x06;
    static final int SNACK_REQUEST = 0x10;
    static final int NOP_IN = 0x20;
    static final int COMMAND_RESPONSE = 0x21;
    static final int TASK_RESPONSE = 0x22;
    static final int LOGIN_RESPONSE = 0x23;
    static final int TEXT_RESPONSE = 0x24;
    static final int DATA_IN = 0x25;
    static final int LOGOUT_RESPONSE = 0x26;
    static final int READY_TO_TRANSFER = 0x31;
    static final int ASYNC_MESSAGE = 0x32;
    static final int REJECT = 0x3f;

    static final int OPCODE_MASK = 0x3f;
    static final int IMMEDIATE = 0x40;
    /** F, T of a login: the first flag of every PDU's second byte. */
    static final int FIRST_FLAG = 0x80;
    /** C of text and login, R of a command, A of Data-In. */
    static final int SECOND_FLAG = 0x40;

    /** Basic header segment. */
    static final int HEADER_BYTES = 48;

    static final int DIGEST_BYTES = 4;
    static final int AT_FLAGS = 1;
    static final int AT_AHS_LENGTH = 4;
    static final int AT_LUN = 8;
    static final int AT_TASK_TAG = 16;
    static final int AT_TRANSFER_TAG = 20;
    /** CmdSN of requests, StatSN of responses. */
    static final int AT_NUMBERS = 24;

    static final int AT_CDB = 32;
    static final int CDB_BYTES = 16;

    private Opcodes() {}

    /** Segments are padded to words (RFC 7143 §11.1). */
    static int padding(int length) {
        return -length & 3;
    }
}
