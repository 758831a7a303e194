/**
 * iSCSI (RFC 7143) target and initiator. Knows nothing of drains, migrations or hosts.
 */
@NullMarked
package io.sluice.iscsi;

import org.jspecify.annotations.NullMarked;
