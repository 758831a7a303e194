@org.jspecify.annotations.NullMarked
package io.sluice.orchestrator;
