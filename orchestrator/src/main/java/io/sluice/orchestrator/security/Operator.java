package io.sluice.orchestrator.security;

import io.sluice.orchestrator.settings.Role;
import java.io.Serializable;
import java.security.Principal;

/** Who is asking; known by the role of the token. */
public record Operator(Role role) implements Principal, Serializable {
    @Override
    public String getName() {
        return role.lowerCase();
    }
}
