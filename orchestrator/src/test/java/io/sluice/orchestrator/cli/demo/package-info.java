/** The demo as a test: every part a process of its own, some of them killed. */
@NullMarked
package io.sluice.orchestrator.cli.demo;

import org.jspecify.annotations.NullMarked;
