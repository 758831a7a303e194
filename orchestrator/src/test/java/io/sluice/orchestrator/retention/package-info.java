/** What tests need to put the logic of retained copies together. */
@NullMarked
package io.sluice.orchestrator.retention;

import org.jspecify.annotations.NullMarked;
