/**
 * Who may call what: bearer tokens with roles for REST, a session made with the same tokens for pages. Entry:
 * {@link io.sluice.orchestrator.security.SecurityConfiguration}. Agents authenticate in {@code agents}, by the filter found there.
 */
@NullMarked
package io.sluice.orchestrator.security;

import org.jspecify.annotations.NullMarked;
