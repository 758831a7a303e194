/**
 * iSCSI PDUs as immutable records of one sealed family, {@link io.sluice.iscsi.pdu.Pdu}, and their bytes (RFC 7143 §11):
 * {@link io.sluice.iscsi.pdu.PduDecoder} takes them out of a stream cut anywhere, {@link io.sluice.iscsi.pdu.PduEncoder}
 * gives the buffers to send. Knows no channel, no thread, no session and no SCSI; used by target and initiator alike.
 */
@NullMarked
package io.sluice.iscsi.pdu;

import org.jspecify.annotations.NullMarked;
