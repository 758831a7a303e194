/**
 * How fast data may be moved: ceilings for all and for each export, shared fairly between sessions. Entry: {@link
 * io.sluice.iscsi.pace.Pacer}. Knows neither SCSI nor connections.
 */
@NullMarked
package io.sluice.iscsi.pace;

import org.jspecify.annotations.NullMarked;
