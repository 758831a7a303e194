/** Tests of ceilings and rates, and what other tests need to put their logic together. */
@NullMarked
package io.sluice.orchestrator.ceiling;

import org.jspecify.annotations.NullMarked;
