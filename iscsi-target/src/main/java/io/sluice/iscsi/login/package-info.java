/**
 * The login phase (RFC 7143 §6, §12, §13): text keys, their negotiation, CHAP, and the target's side of it all as a machine,
 * {@link io.sluice.iscsi.login.LoginMachine}. {@link io.sluice.iscsi.login.TextKeys}, {@link io.sluice.iscsi.login.KeyNames},
 * {@link io.sluice.iscsi.login.ChapAlgorithm} and {@link io.sluice.iscsi.login.SessionParameters} serve the initiator too.
 * Decides only: knows no connection, no thread, no clock, and gets its random bytes handed in.
 */
@NullMarked
package io.sluice.iscsi.login;

import org.jspecify.annotations.NullMarked;
