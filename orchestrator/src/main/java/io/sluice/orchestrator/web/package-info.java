/**
 * The public face: REST under {@code /api/v1}, its view records (the wire form, so ids are plain text in them), problem
 * documents, the event stream and the dashboard's pages. Entry: the controllers. Turns requests into calls of
 * {@code drain} and {@code fleet}; decides nothing and holds no state of a drain itself.
 */
@NullMarked
package io.sluice.orchestrator.web;

import org.jspecify.annotations.NullMarked;
