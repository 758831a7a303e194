package io.sluice.orchestrator.settings;

import java.util.Locale;

/** What an operator may do; each may also do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Cordon, drain, cancel. */
    OPERATOR,
    /** Change settings. */
    ADMIN;

    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
