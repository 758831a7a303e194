package io.sluice.agent.check;

import io.sluice.agent.check.Finding.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What follows from what was seen of a host. Pure. */
public record HostAbilities(List<Finding> findings) {
    /**
     * The first that refuses discards where a device's limit for them is 0. Older ones go by a flag that nobody can take away and let
     * them through to dm-clone, where a discard of what is being copied loses later writes.
     */
    private static final int[] OLDEST_KERNEL = {5, 19};

    private static final String ROOT = "root";
    private static final String DEVICE_MAPPER = "device-mapper";
    private static final String MULTIPATH = "dm-multipath";
    private static final String INITIATOR = "iscsi_tcp";
    private static final String ISCSID = "iscsid";

    /** Without any of these no disk of a workload comes from the kernel, cloned or not. */
    private static final Set<String> FOR_DISKS = Set.of(ROOT, DEVICE_MAPPER, MULTIPATH, INITIATOR, ISCSID);

    private static final Pattern RELEASE = Pattern.compile("^(\\d+)\\.(\\d+)");

    public HostAbilities {
        findings = List.copyOf(findings);
    }

    static HostAbilities of(Evidence seen) {
        List<Finding> findings = new ArrayList<>();
        findings.add(finding(
                ROOT,
                seen.root(),
                Need.KERNEL_PATH,
                seen.root() ? "runs as root" : "does not run as root",
                "run the agent as root: devices and LVM are root's"));
        findings.add(finding(
                "kernel",
                isRecent(seen.kernelRelease()),
                Need.KERNEL_PATH,
                seen.kernelRelease(),
                "run a kernel of 5.19 or later: older ones cannot keep discards from a volume that is being copied"));
        findings.add(target(
                seen,
                "clone",
                "dm-clone",
                "no Debian kernel has it: build it from Debian's own source with deploy/kernel/dm-clone install (its"
                        + " README says how); on Ubuntu: apt install linux-modules-extra-" + seen.kernelRelease()));
        findings.add(target(seen, "era", "dm-era", modules(seen)));
        findings.add(target(seen, "multipath", MULTIPATH, modules(seen)));
        findings.add(target(seen, "linear", DEVICE_MAPPER, "apt install dmsetup; modprobe dm-mod"));
        boolean initiator = seen.modules().contains("iscsi_tcp");
        findings.add(finding(
                INITIATOR, initiator, Need.KERNEL_PATH, initiator ? "module loaded" : "no such module", modules(seen)));
        findings.add(iscsid(seen));
        findings.add(programs(
                seen,
                "era-tools",
                Need.KERNEL_PATH,
                "apt install thin-provisioning-tools: without them nobody can tell what a workload has written to its clone, and"
                        + " what is not verified does not settle",
                "era_invalidate"));
        findings.addAll(forVolumes(seen));
        boolean io = seen.controllers().contains("io");
        findings.add(finding(
                "cgroup-io",
                io,
                Need.BETTER,
                io
                        ? "io controller of control groups, version 2"
                        : "no io controller in /sys/fs/cgroup/cgroup.controllers",
                "boot with systemd.unified_cgroup_hierarchy=1: without it a busy workload cannot be held back for its"
                        + " own migration to end"));
        return new HostAbilities(findings);
    }

    private static List<Finding> forVolumes(Evidence seen) {
        List<Finding> findings = new ArrayList<>();
        findings.add(programs(
                seen,
                "lvm",
                Need.LVM,
                "apt install lvm2",
                "lvs",
                "vgs",
                "lvcreate",
                "lvchange",
                "lvremove",
                "lvrename"));
        if (seen.scan() != null) {
            findings.add(seen.scan().finding());
        }
        findings.add(target(seen, "thin-pool", "dm-thin", Need.LVM, modules(seen)));
        findings.add(programs(
                seen,
                "thin-tools",
                Need.BETTER,
                "apt install thin-provisioning-tools: without them the holes of thin volumes are sent too",
                "thin_dump"));
        return findings;
    }

    private static boolean isRecent(String release) {
        Matcher numbers = RELEASE.matcher(release);
        if (!numbers.find()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > OLDEST_KERNEL[0]
                || (major == OLDEST_KERNEL[0] && Integer.parseInt(numbers.group(2)) >= OLDEST_KERNEL[1]);
    }

    private static Finding target(Evidence seen, String target, String name, String remedy) {
        return target(seen, target, name, Need.KERNEL_PATH, remedy);
    }

    private static Finding target(Evidence seen, String target, String name, Need need, String remedy) {
        String version = seen.targets().get(target);
        return finding(
                name,
                version != null,
                need,
                version == null ? "no target " + target + " of the device mapper" : "target " + target + " " + version,
                remedy);
    }

    private static String modules(Evidence seen) {
        return "install the modules of kernel " + seen.kernelRelease()
                + " (Debian: linux-image-…, not its cloud variant; Ubuntu: linux-modules-extra-" + seen.kernelRelease()
                + ")";
    }

    /** One that does not run is started when it is needed, by systemd where that is. */
    private static Finding iscsid(Evidence seen) {
        boolean there = seen.programs().contains("iscsiadm") && seen.programs().contains("iscsid");
        return finding(
                ISCSID,
                there,
                Need.KERNEL_PATH,
                !there
                        ? "no iscsid and iscsiadm"
                        : seen.iscsidListens() ? "takes orders" : "installed; started when it is needed",
                "apt install open-iscsi; systemctl enable --now iscsid");
    }

    private static Finding programs(Evidence seen, String name, Need need, String remedy, String... wanted) {
        List<String> missing = new ArrayList<>();
        for (String program : wanted) {
            if (!seen.programs().contains(program)) {
                missing.add(program);
            }
        }
        return finding(
                name,
                missing.isEmpty(),
                need,
                missing.isEmpty() ? String.join(", ", wanted) : "no " + String.join(", no ", missing),
                remedy);
    }

    private static Finding finding(String what, boolean there, Need need, String seen, String remedy) {
        return new Finding(what, there, need, seen, there ? null : remedy);
    }

    public HostAbilities and(Finding finding) {
        List<Finding> all = new ArrayList<>(findings);
        all.add(finding);
        return new HostAbilities(all);
    }

    /** What keeps this host's kernel from serving workloads their disks, each with its remedy; empty when nothing does. */
    public List<String> missingForDisks() {
        return findings.stream()
                .filter(finding -> FOR_DISKS.contains(finding.what()) && !finding.there())
                .map(finding -> finding.what() + ": " + finding.seen() + " (" + finding.remedy() + ")")
                .toList();
    }

    /** Whether volumes may arrive here by the kernel's own means: everything that dm-clone and its surroundings need is there. */
    public boolean kernelPath() {
        return findings.stream()
                .filter(finding -> finding.need() == Need.KERNEL_PATH || finding.need() == Need.LVM)
                .allMatch(Finding::there);
    }

    /** Whether nothing at all is missing. */
    public boolean complete() {
        return findings.stream().allMatch(Finding::there);
    }
}
