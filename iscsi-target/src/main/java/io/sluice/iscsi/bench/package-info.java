/**
 * How fast the target is, beside others: the same work from the same clients against this target, Debian's tgtd, nbdkit and a
 * server without any protocol, taken in turns. Entry: {@link io.sluice.iscsi.bench.BenchCommand}. Starts every server as a process
 * of its own, as it is shipped, and knows the target only as such a process.
 */
@NullMarked
package io.sluice.iscsi.bench;

import org.jspecify.annotations.NullMarked;
