/**
 * What the server was told: {@link io.sluice.orchestrator.settings.ServerSettings} (every key), and
 * {@link io.sluice.orchestrator.settings.Secrets}, the tokens and the key, read or made on first start. Knows nothing of
 * what they are for beyond their names.
 */
@NullMarked
package io.sluice.orchestrator.settings;

import org.jspecify.annotations.NullMarked;
