/**
 * The kernel's device mapper, through {@code dmsetup}: tables and statuses as records, and the operations on devices. Entry:
 * {@link io.sluice.agent.devicemapper.DeviceMapper}. Knows nothing of volumes' standing, sessions or migrations, and never
 * decides: which table is to be in force, and when, is its callers' affair.
 *
 * <p>Loading a table beside a live one makes the kernel open what the table names. On live metadata of dm-clone that loses
 * acknowledged writes, so there is one order only: suspend, load, resume.
 */
@NullMarked
package io.sluice.agent.devicemapper;

import org.jspecify.annotations.NullMarked;
