package io.sluice.agent.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets are those of struct dm_ioctl, dm_target_spec, dm_target_msg and dm_target_versions in linux/dm-ioctl.h. */
class ControlCallTest {
    private static final DeviceName DISK = DeviceName.disk(new VolumeId("db"));

    @Test
    void aCallNamesTheInterfaceTheDeviceAndItsBuffer() {
        ByteBuffer call = call(ControlCall.of(DISK).uuid("SLUICE-sluice-db").flags(ControlCall.READ_ONLY));

        assertThat(call.getInt(0)).isEqualTo(4);
        assertThat(call.getInt(12)).isEqualTo(1024);
        assertThat(call.getInt(16)).isEqualTo(312);
        assertThat(call.getInt(20)).isZero();
        assertThat(call.getInt(28)).isEqualTo(1);
        assertThat(text(call, 48)).isEqualTo("sluice-db");
        assertThat(text(call, 176)).isEqualTo("SLUICE-sluice-db");
    }

    @Test
    void aTableIsOneTargetWithItsArgumentsInWholeWords() {
        ByteBuffer call = call(ControlCall.of(DISK).table(new LinearTable(2048, "253:4", 0)));

        assertThat(call.getInt(20)).isEqualTo(1);
        assertThat(call.getLong(312)).isZero();
        assertThat(call.getLong(320)).isEqualTo(2048);
        assertThat(call.getInt(332)).isEqualTo(48);
        assertThat(text(call, 336)).isEqualTo("linear");
        assertThat(text(call, 352)).isEqualTo("253:4 0");
    }

    @Test
    void aMessageGoesToTheTargetAtTheFirstSector() {
        ByteBuffer call = call(ControlCall.of(DISK).message("hydration_threshold 4"));

        assertThat(call.getLong(312)).isZero();
        assertThat(text(call, 320)).isEqualTo("hydration_threshold 4");
    }

    @Test
    void aChangeIsToldToUdevAsMeant() {
        assertThat(call(ControlCall.of(DISK).fromUs()).getInt(32)).isEqualTo(0x00400000);
    }

    @Test
    void aDeviceIsDescribedAsDmsetupDescribesIt() {
        ByteBuffer answer = empty();
        answer.putInt(24, 3).putInt(28, 1 << 5 | 1 << 1).putLong(40, 0x10fd02L);

        assertThat(DeviceInfo.parse(new ControlCall.Answer(answer).info()))
                .isEqualTo(new DeviceInfo(253, 0x102, 3, true, false, true, false));
        assertThat(new ControlCall.Answer(answer).minor()).isEqualTo(0x102);
    }

    @Test
    void whatTargetsSayIsReadInTheirOrder() {
        ByteBuffer answer = empty();
        answer.putInt(16, 320).putInt(20, 2);
        target(answer, 320, 0, 8, "linear", "253:4 0", 64);
        target(answer, 384, 8, 16, "zero", "", 128);

        assertThat(new ControlCall.Answer(answer).lines()).isEqualTo("0 8 linear 253:4 0\n8 16 zero ");
    }

    @Test
    void aDeviceWithoutATableSaysNothing() {
        assertThat(new ControlCall.Answer(empty()).lines()).isEmpty();
    }

    @Test
    void targetsAreToldWithTheirVersions() {
        ByteBuffer answer = empty();
        answer.putInt(16, 312);
        version(answer, 312, 24, "clone");
        version(answer, 336, 0, "era");

        assertThat(new ControlCall.Answer(answer).versions()).isEqualTo("clone v1.2.3\nera v1.2.3");
    }

    @Test
    void aDeviceIsFoundUnderItsNameWhicheverNumberItHas(@TempDir Path devices) throws Exception {
        DeviceNodes nodes = new DeviceNodes(devices, devices.resolve("mounts"));
        Files.createDirectory(devices.resolve("mapper"));
        Files.createFile(devices.resolve("dm-4"));
        Files.createFile(devices.resolve("dm-7"));
        nodes.make(DISK, 4);
        nodes.make(DISK, 4);
        assertThat(devices.resolve("mapper/sluice-db").toRealPath()).isEqualTo(real(devices, "dm-4"));
        nodes.make(DISK, 7);
        assertThat(devices.resolve("mapper/sluice-db").toRealPath()).isEqualTo(real(devices, "dm-7"));
        nodes.remove(DISK);
        nodes.remove(DISK);
        assertThat(devices.resolve("mapper")).isEmptyDirectory();
    }

    @Test
    void aNameLeftBehindNeverLeadsToAnotherDevice(@TempDir Path devices) throws Exception {
        DeviceNodes nodes = new DeviceNodes(devices, devices.resolve("mounts"));
        Files.createDirectory(devices.resolve("mapper"));
        Files.createFile(devices.resolve("dm-4"));
        Files.createFile(devices.resolve("dm-7"));
        nodes.make(DISK, 4);
        nodes.make(DeviceName.era(new VolumeId("db")), 7);
        nodes.make(new DeviceName("vg-other"), 4);
        Mapped other = new Mapped("vg-other", "dm-4", "253:4", 1 << 20, false, List.of());
        Mapped era = new Mapped("sluice-db.era", "dm-7", "253:7", 1 << 20, false, List.of());
        nodes.removeStale(() -> List.of(other, era));
        assertThat(devices.resolve("mapper/sluice-db")).doesNotExist();
        assertThat(devices.resolve("mapper/sluice-db.era")).exists();
        assertThat(devices.resolve("mapper/vg-other")).exists();
    }

    @Test
    void namesAreOursToMakeWhereTheKernelMakesTheNodes(@TempDir Path root) throws Exception {
        Path mounts = root.resolve("mounts");
        Files.writeString(mounts, "tmpfs /dev tmpfs rw 0 0\n");
        assertThat(new DeviceNodes(root, mounts).areMadeByTheKernel()).isFalse();
        Files.writeString(mounts, "proc /proc proc rw 0 0\nudev /dev devtmpfs rw,nosuid 0 0\n");
        assertThat(new DeviceNodes(root, mounts).areMadeByTheKernel()).isTrue();
    }

    private static Path real(Path devices, String name) throws Exception {
        return devices.resolve(name).toRealPath();
    }

    private static ByteBuffer call(ControlCall call) {
        return ByteBuffer.wrap(call.bytes(1024)).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer empty() {
        return ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
    }

    private static void target(
            ByteBuffer into, int at, long sector, long sectors, String type, String words, int next) {
        into.putLong(at, sector).putLong(at + 8, sectors).putInt(at + 20, next);
        into.put(at + 24, type.getBytes(StandardCharsets.UTF_8)).put(at + 40, words.getBytes(StandardCharsets.UTF_8));
    }

    private static void version(ByteBuffer into, int at, int next, String name) {
        into.putInt(at, next).putInt(at + 4, 1).putInt(at + 8, 2).putInt(at + 12, 3);
        into.put(at + 16, name.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer from, int at) {
        int to = at;
        while (from.get(to) != 0) {
            to++;
        }
        byte[] text = new byte[to - at];
        from.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
