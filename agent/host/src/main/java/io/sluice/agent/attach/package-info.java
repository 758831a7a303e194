/**
 * Incoming volumes by the portable clone engine: the attachment to the source's export, the clone device on it and on the
 * local volume, and their end. Entry: {@link io.sluice.agent.attach.PortableClones}. Must not know goals or the order of a
 * migration's steps.
 */
@NullMarked
package io.sluice.agent.attach;

import org.jspecify.annotations.NullMarked;
