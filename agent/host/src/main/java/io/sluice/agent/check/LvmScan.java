package io.sluice.agent.check;

import io.sluice.agent.check.Finding.Need;
import io.sluice.agent.command.LvmLine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which disks LVM reads, as it is configured. Pure.
 *
 * @param globalFilter as {@code lvmconfig} shows it; the whole system goes by it, udev's own scan too
 * @param filter likewise; commands may set another
 * @param devicesFile whether LVM uses the disks that a file names and no other, whatever the filters say (lvmdevices(8))
 */
record LvmScan(String globalFilter, String filter, boolean devicesFile) {
    private static final String NAME = "lvm-filter";

    /** Kinds of our devices, each with the names that one of it has. */
    private static final Map<String, Set<String>> OURS = ours();

    private static Map<String, Set<String>> ours() {
        Map<String, Set<String>> ours = new LinkedHashMap<>();
        ours.put("disks of workloads (/dev/mapper/sluice-*)", Set.of("/dev/mapper/sluice-db-1", "/dev/dm-7"));
        ours.put(
                "disks of other hosts' exports",
                Set.of(
                        "/dev/disk/by-path/ip-192.0.2.1:3260-iscsi-iqn.2026-11.io.sluice:export.m-1.db-1-lun-0",
                        "/dev/sdq"));
        return ours;
    }

    Finding finding() {
        if (devicesFile) {
            return new Finding(NAME, true, Need.BETTER, "a devices file names the disks that LVM uses", null);
        }
        try {
            List<String> read = read(globalFilter);
            if (read.isEmpty()) {
                return new Finding(NAME, true, Need.BETTER, "global_filter keeps LVM off our devices", null);
            }
            String seen = "global_filter lets LVM read " + String.join(" and ", read);
            return lacking(read(filter).isEmpty() ? seen + "; filter does not, but udev does not go by it" : seen);
        } catch (IllegalArgumentException e) {
            return lacking("LVM's filter cannot be read: " + e.getMessage());
        }
    }

    private static List<String> read(String value) {
        LvmFilter filter = LvmFilter.parse(value);
        return OURS.entrySet().stream()
                .filter(kind -> !filter.rejects(kind.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Finding lacking(String seen) {
        return new Finding(
                NAME,
                false,
                Need.BETTER,
                seen,
                "put " + LvmLine.RULES + " first in devices/global_filter of /etc/lvm/lvm.conf, and accept no /dev/dm-*"
                        + " and no /dev/sd* there: what a workload keeps in LVM on its disk would be taken for this"
                        + " host's, and LVM's commands wait while a source is away");
    }
}
