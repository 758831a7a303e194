package io.sluice.iscsi.pdu;

/** Status-Class and Status-Detail of a login (RFC 7143 §11.13.5). */
public record LoginStatus(int statusClass, int detail) {

    public static final LoginStatus SUCCESS = new LoginStatus(0, 0);
    public static final LoginStatus MOVED_TEMPORARILY = new LoginStatus(1, 1);
    public static final LoginStatus MOVED_PERMANENTLY = new LoginStatus(1, 2);
    public static final LoginStatus INITIATOR_ERROR = new LoginStatus(2, 0);
    public static final LoginStatus AUTHENTICATION_FAILURE = new LoginStatus(2, 1);
    public static final LoginStatus AUTHORIZATION_FAILURE = new LoginStatus(2, 2);
    public static final LoginStatus NOT_FOUND = new LoginStatus(2, 3);
    public static final LoginStatus TARGET_REMOVED = new LoginStatus(2, 4);
    public static final LoginStatus UNSUPPORTED_VERSION = new LoginStatus(2, 5);
    public static final LoginStatus TOO_MANY_CONNECTIONS = new LoginStatus(2, 6);
    public static final LoginStatus MISSING_PARAMETER = new LoginStatus(2, 7);
    public static final LoginStatus CANNOT_INCLUDE_IN_SESSION = new LoginStatus(2, 8);
    public static final LoginStatus SESSION_TYPE_NOT_SUPPORTED = new LoginStatus(2, 9);
    public static final LoginStatus SESSION_DOES_NOT_EXIST = new LoginStatus(2, 10);
    public static final LoginStatus INVALID_DURING_LOGIN = new LoginStatus(2, 11);
    public static final LoginStatus TARGET_ERROR = new LoginStatus(3, 0);
    public static final LoginStatus SERVICE_UNAVAILABLE = new LoginStatus(3, 1);
    public static final LoginStatus OUT_OF_RESOURCES = new LoginStatus(3, 2);

    public boolean success() {
        return statusClass == 0;
    }

    @Override
    public String toString() {
        return "%02x%02x".formatted(statusClass, detail);
    }
}
