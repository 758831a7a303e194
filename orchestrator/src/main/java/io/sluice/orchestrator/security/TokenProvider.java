package io.sluice.orchestrator.security;

import io.sluice.orchestrator.settings.Role;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.stereotype.Component;

/** Turns a token, from a header or from the login page, into an operator with the authorities of its role and those below. */
@Component
final class TokenProvider implements AuthenticationProvider {
    private final OperatorTokens tokens;

    TokenProvider(OperatorTokens tokens) {
        this.tokens = tokens;
    }

    /** The operator a token stands for; null for an unknown token. */
    @Nullable
    Authentication operator(String token) {
        Role role = tokens.roleOf(token);
        return role == null
                ? null
                : UsernamePasswordAuthenticationToken.authenticated(new Operator(role), null, authorities(role));
    }

    private static List<? extends GrantedAuthority> authorities(Role role) {
        return Arrays.stream(Role.values())
                .filter(lower -> lower.compareTo(role) <= 0)
                .map(lower -> new SimpleGrantedAuthority("ROLE_" + lower.name()))
                .toList();
    }

    @Override
    public Authentication authenticate(Authentication login) {
        Authentication operator = operator(String.valueOf(login.getCredentials()));
        if (operator == null) {
            throw new BadCredentialsException("unknown token");
        }
        return operator;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
