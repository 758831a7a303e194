package io.sluice.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.testing.ScriptedCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostProbeTest {
    @TempDir
    Path root;

    private final ScriptedCommands commands = new ScriptedCommands();
    private final Set<String> programs = new HashSet<>(Set.of(
            "dmsetup",
            "iscsid",
            "iscsiadm",
            "lvs",
            "vgs",
            "lvcreate",
            "lvchange",
            "lvremove",
            "lvrename",
            "era_invalidate",
            "thin_dump"));

    @BeforeEach
    void aHostThatCanDoEverything() throws IOException {
        commands.exits("modprobe", 0);
        targets(
                "thin-pool        v1.22.0",
                "clone            v1.0.0",
                "era  v1.0.0",
                "multipath v1.14.0",
                "linear v1.4.0");
        filter("[\"r|^/dev/mapper/sluice-|\",\"r|^/dev/disk/by-path/.*-iscsi-iqn.2026-11.io.sluice:|\"]");
        write("proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\n");
        write("proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
        write("proc/net/unix", "0: 00000002 00000000 00010000 0001 01 1 @ISCSIADM_ABSTRACT_NAMESPACE\n");
        write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
        Files.createDirectories(root.resolve("sys/module/iscsi_tcp"));
    }

    private void filter(String value) {
        commands.prints("lvmconfig --typeconfig full devices/global_filter", "\tglobal_filter=" + value + "\n");
    }

    private void targets(String... lines) {
        commands.prints("dmsetup targets", String.join("\n", lines) + "\n");
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(root.resolve(file).getParent()));
        Files.writeString(root.resolve(file), content);
    }

    private HostAbilities look() {
        return HostAbilities.of(new HostProbe(commands, root, programs::contains).evidence());
    }

    private List<String> missing() {
        return look().findings().stream()
                .filter(finding -> !finding.there())
                .map(Finding::what)
                .toList();
    }

    @Test
    void aHostThatHasEverythingTakesTheKernelsPath() {
        assertThat(missing()).isEmpty();
        assertThat(look().kernelPath()).isTrue();
        assertThat(look().complete()).isTrue();
        assertThat(commands.lines())
                .filteredOn(line -> line.startsWith("modprobe"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("--all", "dm-clone", "dm-round-robin", "iscsi_tcp"));
    }

    @Test
    void aStockDebianKernelLacksDmCloneAndIsToldWhereItComesFrom() {
        targets("thin-pool v1.22.0", "era v1.0.0", "multipath v1.14.0", "linear v1.4.0");

        assertThat(missing()).containsExactly("dm-clone");
        assertThat(look().kernelPath()).isFalse();
        assertThat(CheckReport.words(look())).contains("NO   dm-clone", "deploy/kernel/", "portable engine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iscsid", "iscsiadm", "lvchange"})
    void aProgramThatIsMissingClosesTheKernelsPath(String program) {
        programs.remove(program);

        assertThat(look().kernelPath()).isFalse();
    }

    @Test
    void whereNobodyCanTellWhatAWorkloadWroteNothingIsClonedThatWouldNeverSettle() {
        programs.remove("era_invalidate");

        assertThat(missing()).containsExactly("era-tools");
        assertThat(look().kernelPath()).isFalse();
        assertThat(look().missingForDisks()).as("disks need none of it").isEmpty();
        assertThat(CheckReport.words(look()))
                .contains("NO   era-tools", "no era_invalidate", "apt install thin-provisioning-tools");
    }

    @Test
    void whatOnlyHelpsDoesNotCloseTheKernelsPath() throws IOException {
        programs.remove("thin_dump");
        write("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");

        assertThat(missing()).containsExactly("thin-tools", "cgroup-io");
        assertThat(look().kernelPath()).isTrue();
        assertThat(look().complete()).isFalse();
    }

    @Test
    void anIscsidThatDoesNotRunIsStartedWhenItIsNeeded() throws IOException {
        write("proc/net/unix", "");

        assertThat(missing()).isEmpty();
        assertThat(look().kernelPath()).isTrue();
        assertThat(CheckReport.words(look())).contains("started when it is needed");
    }

    @Test
    void whatKeepsTheKernelFromServingDisksIsNamedWithItsRemedy() {
        assertThat(look().missingForDisks()).isEmpty();
        programs.remove("iscsid");
        programs.remove("lvs");

        assertThat(look().missingForDisks())
                .singleElement()
                .satisfies(one -> assertThat(one).contains("no iscsid", "apt install open-iscsi"));
    }

    @Test
    void withoutRootOrOnAnOldKernelThereIsNoKernelPath() throws IOException {
        write("proc/self/status", "Uid:\t1000\t1000\t1000\t1000\n");
        write("proc/sys/kernel/osrelease", "5.4.0-100-generic\n");

        assertThat(missing()).containsExactly("root", "kernel");
        assertThat(look().kernelPath()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"5.15.0-130-generic,false", "5.18.19,false", "5.19.0-50-generic,true", "6.8.0-60-generic,true"})
    void onlyAKernelThatCanRefuseDiscardsClones(String release, boolean clones) throws IOException {
        write("proc/sys/kernel/osrelease", release + "\n");

        assertThat(look().kernelPath()).isEqualTo(clones);
        assertThat(look().missingForDisks()).isEmpty();
    }

    @Test
    void aBareHostLacksEverythingAndEachThingHasARemedy() {
        HostAbilities bare = HostAbilities.of(
                new HostProbe(new ScriptedCommands(), root.resolve("nowhere"), program -> false).evidence());

        assertThat(bare.findings())
                .noneMatch(Finding::there)
                .allSatisfy(finding -> assertThat(finding.remedy()).isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"a|.*|\"]",
                "[\"r|^/dev/mapper/sluice-|\"]",
                "[\"r|^/dev/disk/by-path/.*-iscsi-iqn.2026-11.io.sluice:|\"]",
                // the other name of the same device is accepted
                "[\"r|^/dev/mapper/sluice-|\",\"r|^/dev/disk/by-path/.*-iscsi-|\",\"a|.*|\"]",
                "[\"a|^/dev/sd|\",\"a|^/dev/dm-|\",\"r|.*|\"]",
                "[\"nonsense\"]",
                "[\"r|[|\"]"
            })
    void aFilterThatLetsLvmReadOurDevicesIsTold(String filter) {
        filter(filter);

        assertThat(missing()).containsExactly("lvm-filter");
        assertThat(look().kernelPath()).isTrue();
        assertThat(CheckReport.words(look())).contains("global_filter of /etc/lvm/lvm.conf", "r|^/dev/mapper/sluice-|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"r|.*|\"]",
                "\"r/.*/\"",
                "[\"a|^/dev/vda|\",\"r|.*|\"]",
                "[\"r|/dev/mapper/.*|\",\"r|iscsi|\",\"a|^/dev/nvme|\"]",
                "[\"r|^/dev/mapper\\\\/sluice-|\",\"r|by-path|\"]"
            })
    void aFilterThatKeepsLvmOffThemWillDo(String filter) {
        filter(filter);

        assertThat(missing()).isEmpty();
    }

    @Test
    void withoutAFilterLvmReadsEverythingButWhatADevicesFileLeavesOut() throws IOException {
        commands.exits("lvmconfig", 5);
        commands.exits("lvmconfig --typeconfig full devices/global_filter", 5);
        assertThat(missing()).containsExactly("lvm-filter");

        commands.prints("lvmconfig --typeconfig full devices/use_devicesfile", "use_devicesfile=1\n");
        assertThat(missing()).as("there is no such file yet").containsExactly("lvm-filter");
        write("etc/lvm/devices/system.devices", "");
        assertThat(missing()).isEmpty();
    }

    @Test
    void aFilterThatUdevDoesNotGoByIsNotEnough() {
        filter("[\"a|.*|\"]");
        commands.prints("lvmconfig --typeconfig full devices/filter", "filter=[\"r|.*|\"]\n");

        assertThat(missing()).containsExactly("lvm-filter");
        assertThat(CheckReport.words(look())).contains("udev does not go by it");
    }

    @Test
    void theReportForProgramsNamesEachThing() {
        targets();

        assertThat(CheckReport.json(look())).contains("\"kernelPath\" : false", "\"what\" : \"dm-era\"", "\"remedy\"");
    }

    @Test
    void aPeersPortalIsReachedOrNot() throws IOException {
        InetSocketAddress address;
        try (ServerSocket portal = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(portal.getInetAddress(), portal.getLocalPort());
            Finding reached = PeerCheck.look(address, "10.0.0.1:3260");

            assertThat(reached.there()).isTrue();
            assertThat(reached.seen()).contains("from 127.0.0.1", "--peer 10.0.0.1:3260");
        }
        Finding gone = PeerCheck.look(address, "10.0.0.1:3260");

        assertThat(gone.there()).isFalse();
        assertThat(gone.remedy()).contains("firewalls");
    }
}
