/**
 * What runs by itself: the reconciler with its listeners, and the safety tick. Entry:
 * {@link io.sluice.orchestrator.runtime.RuntimeConfiguration}. Decides nothing.
 */
@NullMarked
package io.sluice.orchestrator.runtime;

import org.jspecify.annotations.NullMarked;
