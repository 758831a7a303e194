/**
 * {@code sluice demo}: a fleet on one machine, every part real and in a process of its own, a drain through the public REST API, and
 * the proof that nothing was lost. Entry: {@link io.sluice.orchestrator.cli.demo.DemoCommand}. Knows the parts only as programs with
 * options and files; what it measures it measures from outside.
 */
@NullMarked
package io.sluice.orchestrator.cli.demo;

import org.jspecify.annotations.NullMarked;
