/**
 * The public REST API as a Java client: what the {@code sluice} commands and the demo speak to the service with.
 *
 * <p>Entry: {@link io.sluice.orchestrator.cli.client.RestClient}. The records mirror the API's JSON; a value the service
 * does not know is {@code null} here, never zero. Must not know anything of the service's inside: it depends on the JDK
 * and Jackson alone, so that it starts fast and proves that the public API is enough.
 */
@NullMarked
package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.NullMarked;
