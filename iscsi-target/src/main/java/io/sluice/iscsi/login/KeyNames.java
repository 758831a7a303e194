package io.sluice.iscsi.login;

/** Names of text keys (RFC 7143 §12.1, §13) and values that mean the same for all of them (§6.2). */
public final class KeyNames {

    public static final String AUTH_METHOD = "AuthMethod";
    public static final String CHAP_ALGORITHM = "CHAP_A";
    public static final String CHAP_IDENTIFIER = "CHAP_I";
    public static final String CHAP_CHALLENGE = "CHAP_C";
    public static final String CHAP_NAME = "CHAP_N";
    public static final String CHAP_RESPONSE = "CHAP_R";

    public static final String INITIATOR_NAME = "InitiatorName";
    public static final String INITIATOR_ALIAS = "InitiatorAlias";
    public static final String TARGET_NAME = "TargetName";
    public static final String TARGET_ADDRESS = "TargetAddress";
    public static final String TARGET_ALIAS = "TargetAlias";
    public static final String TARGET_PORTAL_GROUP_TAG = "TargetPortalGroupTag";
    public static final String SESSION_TYPE = "SessionType";
    public static final String SEND_TARGETS = "SendTargets";

    public static final String HEADER_DIGEST = "HeaderDigest";
    public static final String DATA_DIGEST = "DataDigest";
    public static final String MAX_CONNECTIONS = "MaxConnections";
    public static final String INITIAL_R2T = "InitialR2T";
    public static final String IMMEDIATE_DATA = "ImmediateData";
    public static final String MAX_RECV_DATA_SEGMENT_LENGTH = "MaxRecvDataSegmentLength";
    public static final String MAX_BURST_LENGTH = "MaxBurstLength";
    public static final String FIRST_BURST_LENGTH = "FirstBurstLength";
    public static final String DEFAULT_TIME_2_WAIT = "DefaultTime2Wait";
    public static final String DEFAULT_TIME_2_RETAIN = "DefaultTime2Retain";
    public static final String MAX_OUTSTANDING_R2T = "MaxOutstandingR2T";
    public static final String DATA_PDU_IN_ORDER = "DataPDUInOrder";
    public static final String DATA_SEQUENCE_IN_ORDER = "DataSequenceInOrder";
    public static final String ERROR_RECOVERY_LEVEL = "ErrorRecoveryLevel";
    public static final String TASK_REPORTING = "TaskReporting";
    public static final String PROTOCOL_LEVEL = "iSCSIProtocolLevel";

    public static final String YES = "Yes";
    public static final String NO = "No";
    public static final String NONE = "None";
    public static final String CHAP = "CHAP";
    public static final String CRC32C = "CRC32C";
    public static final String NORMAL = "Normal";
    public static final String DISCOVERY = "Discovery";
    public static final String REJECT = "Reject";
    public static final String NOT_UNDERSTOOD = "NotUnderstood";

    private KeyNames() {}
}
