package io.sluice.orchestrator.security;

import io.sluice.orchestrator.problem.Problem;
import io.sluice.orchestrator.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;

/**
 * Three chains. Agents: a filter of their own. REST, metrics: a bearer token, or the session of a page; without a bearer token
 * changes need the CSRF token too. Everything else, the dashboard and the API's documentation: a session, or a bearer token.
 */
@Configuration(proxyBeanMethods = false)
public class SecurityConfiguration {
    /** No script, style or picture from elsewhere, no framing. */
    private static final String CONTENT_POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                    + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** What outlasts every drain. */
    private static final String[] SETTINGS = {"/api/v1/ceilings/**", "/api/v1/webhooks/**"};

    @Bean
    @Order(1)
    SecurityFilterChain agents(HttpSecurity http) throws Exception {
        return http.securityMatcher("/api/agent/**")
                .csrf(csrf -> csrf.disable())
                .requestCache(cache -> cache.disable())
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain rest(HttpSecurity http, TokenProvider tokens, ProblemWriter problems) throws Exception {
        return http.securityMatcher("/api/**", "/actuator/**")
                .addFilterBefore(new BearerFilter(tokens, problems), AnonymousAuthenticationFilter.class)
                .csrf(csrf -> csrf.ignoringRequestMatchers(request -> BearerFilter.token(request) != null))
                .requestCache(cache -> cache.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthorized(problems))
                        .accessDeniedHandler(forbidden(problems)))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/actuator/health", "/actuator/health/*")
                                .permitAll()
                                .requestMatchers(HttpMethod.GET)
                                .hasRole("VIEWER")
                                .requestMatchers(SETTINGS)
                                .hasRole("ADMIN")
                                .anyRequest()
                                .hasRole("OPERATOR"))
                .build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain pages(HttpSecurity http, TokenProvider tokens, ProblemWriter problems) throws Exception {
        return http.authenticationProvider(tokens)
                .addFilterBefore(new BearerFilter(tokens, problems), AnonymousAuthenticationFilter.class)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY)))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/login", "/assets/**", "/webjars/**", "/favicon.ico")
                                .permitAll()
                                .requestMatchers(HttpMethod.GET)
                                .hasRole("VIEWER")
                                .anyRequest()
                                .hasRole("OPERATOR"))
                .formLogin(login -> login.loginPage("/login")
                        .usernameParameter("user")
                        .passwordParameter("token")
                        .defaultSuccessUrl("/")
                        .failureUrl("/login?wrong"))
                .logout(logout -> logout.logoutSuccessUrl("/login?out"))
                .build();
    }

    private static AuthenticationEntryPoint unauthorized(ProblemWriter problems) {
        return (request, response, denied) -> {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            problems.write(response, BearerFilter.unauthorized("no token was sent", request));
        };
    }

    private static AccessDeniedHandler forbidden(ProblemWriter problems) {
        return (request, response, denied) -> problems.write(response, forbidden(request));
    }

    private static Problem forbidden(HttpServletRequest request) {
        return Problem.of(
                HttpStatus.FORBIDDEN,
                "FORBIDDEN",
                "this token's role may not " + request.getMethod() + " " + request.getRequestURI(),
                "Use a token of the role operator, or admin for settings.",
                request.getRequestURI());
    }
}
