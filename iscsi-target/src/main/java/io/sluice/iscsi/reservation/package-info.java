/**
 * Keeps what initiators reserved, over a restart (SPC-4 §5.13.5). Entry: {@link io.sluice.iscsi.reservation.FileReservationStore}.
 * Knows files; knows nothing of what a reservation means.
 */
@NullMarked
package io.sluice.iscsi.reservation;

import org.jspecify.annotations.NullMarked;
