/** Tests of the login phase. */
@NullMarked
package io.sluice.iscsi.login;

import org.jspecify.annotations.NullMarked;
