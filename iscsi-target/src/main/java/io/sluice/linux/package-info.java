/**
 * System calls of Linux that the JDK does not offer. Entry: {@link io.sluice.linux.LinuxCalls}. Knows nothing of what they are
 * used for.
 */
@NullMarked
package io.sluice.linux;

import org.jspecify.annotations.NullMarked;
