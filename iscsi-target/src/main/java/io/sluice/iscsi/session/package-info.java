/**
 * The full feature phase of a session, target's side (RFC 7143 §4, §11), as a machine: session state and input in, session state
 * and things to do out. Entry: {@link io.sluice.iscsi.session.SessionMachine}. One connection per session and ErrorRecoveryLevel 0.
 * Decides only: knows no connection, no thread and no clock, and does not run SCSI commands itself.
 */
@NullMarked
package io.sluice.iscsi.session;

import org.jspecify.annotations.NullMarked;
