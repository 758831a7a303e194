/** Tests of PDUs and their bytes. */
@NullMarked
package io.sluice.iscsi.pdu;

import org.jspecify.annotations.NullMarked;
