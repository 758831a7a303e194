@org.jspecify.annotations.NullMarked
package io.sluice.agent;
