/** Tests of the server on real sockets. */
@NullMarked
package io.sluice.iscsi.netty;

import org.jspecify.annotations.NullMarked;
