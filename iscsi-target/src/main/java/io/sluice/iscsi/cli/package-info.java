/**
 * The target by hand: serves files and block devices until interrupted. Entry: {@link io.sluice.iscsi.cli.TargetCommand}. Only
 * translates options; knows nothing that the packages it calls could know.
 */
@NullMarked
package io.sluice.iscsi.cli;

import org.jspecify.annotations.NullMarked;
