/**
 * A workload that proves whether a disk keeps its promises: it writes numbered, checksummed blocks over iSCSI, remembers in a journal
 * what was acknowledged, and reads it back all the time. Entry: {@link io.sluice.iscsi.exerciser.Exerciser}, a program that starts
 * fast; it also makes original content and compares a disk with both. Knows nothing of why its disk may move.
 */
@NullMarked
package io.sluice.iscsi.exerciser;

import org.jspecify.annotations.NullMarked;
