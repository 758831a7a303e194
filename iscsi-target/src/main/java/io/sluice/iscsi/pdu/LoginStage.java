package io.sluice.iscsi.pdu;

import org.jspecify.annotations.Nullable;

/** The stages of a login (RFC 7143 §11.12.3). */
public enum LoginStage {
    SECURITY(0),
    OPERATIONAL(1),
    FULL_FEATURE(3);

    private final int code;

    LoginStage(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The stage of a code on the wire; 2 is reserved: null. */
    static @Nullable LoginStage of(int code) {
        return switch (code) {
            case 0 -> SECURITY;
            case 1 -> OPERATIONAL;
            case 3 -> FULL_FEATURE;
            default -> null;
        };
    }
}
