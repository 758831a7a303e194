/** Tests of the pacing. */
@NullMarked
package io.sluice.iscsi.pace;

import org.jspecify.annotations.NullMarked;
