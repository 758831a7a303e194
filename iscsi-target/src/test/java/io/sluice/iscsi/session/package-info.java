/** Tests of the session machine. */
@NullMarked
package io.sluice.iscsi.session;

import org.jspecify.annotations.NullMarked;
