/**
 * The target as a server: one portal, many targets, on Netty. Entry: {@link io.sluice.iscsi.netty.TargetServer}. Event loops carry
 * bytes to and from the machines of {@code login} and {@code session} and never block; SCSI commands run on virtual threads. Knows
 * nothing of what a target is served for.
 */
@NullMarked
package io.sluice.iscsi.netty;

import org.jspecify.annotations.NullMarked;
