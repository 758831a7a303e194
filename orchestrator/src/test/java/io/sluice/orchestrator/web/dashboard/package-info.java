/** Tests of the dashboard: its words, its pages over fakes, and the whole in a browser. */
@NullMarked
package io.sluice.orchestrator.web.dashboard;

import org.jspecify.annotations.NullMarked;
