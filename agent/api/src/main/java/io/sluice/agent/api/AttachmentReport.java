package io.sluice.agent.api;

/**
 * The session with an export.
 *
 * @param connected false while the session is being re-established; reads of regions not hydrated wait meanwhile
 * @param secondsInState how long it has been so
 */
public record AttachmentReport(String target, Portal portal, boolean connected, long secondsInState) {}
