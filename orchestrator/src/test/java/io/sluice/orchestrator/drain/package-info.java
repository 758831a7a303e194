/** Tests of drains, and what other tests need to put their logic together. */
@NullMarked
package io.sluice.orchestrator.drain;

import org.jspecify.annotations.NullMarked;
