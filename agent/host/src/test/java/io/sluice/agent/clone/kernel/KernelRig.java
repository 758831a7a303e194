package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.Sources;
import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.devicemapper.CloneTable;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.EraTable;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.testing.SimulatedMapper;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.initiator.RegionSums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A destination whose kernel is simulated and outlives its agent: LVM, device mapper and disks in memory. Its source is a volume of
 * 16 regions, of which 4 to 7 are a hole.
 */
final class KernelRig {
    static final VolumeId VOLUME = new VolumeId("vol-1");
    static final int REGION = 64 << 10;
    static final int REGIONS = 16;
    static final int SIZE = REGIONS * REGION;
    static final VolumeId OTHER = new VolumeId("vol-2");
    static final String CLONE = "sluice-vol-1.clone";
    static final String ERA = "sluice-vol-1.era";

    final ScriptedCommands commands = new ScriptedCommands();
    final SimulatedMapper mapper;
    final Set<String> logicalVolumes = new TreeSet<>();
    final byte[] sent = new byte[SIZE];
    final byte[] local = new byte[SIZE];
    final List<String> throttles = new ArrayList<>();
    GuestThrottles throttling = new FakeThrottles();
    final List<String> media = new ArrayList<>();
    String written = "<blocks>\n</blocks>\n";
    String targets = "clone v1.0.0\nera v1.0.0\n";
    boolean attached;
    boolean connected = true;
    boolean loginFails;
    boolean cloneWasMade;
    boolean tellsSums = true;

    @Nullable
    String serial;
    /** What a run of dmsetup comes to instead of what it would; null where it comes to that. */
    Function<Command, @Nullable CommandResult> disturbance = command -> null;

    final BitSet holes = new BitSet();
    /** Run when the source is asked so; one that throws fails, one that waits keeps silent. */
    Runnable whenOpened = () -> {};

    Runnable whenAskedForExtents = () -> {};
    Runnable whenAskedForSums = () -> {};
    Runnable whenDiscarding = () -> {};
    Duration answerWithin = Duration.ofSeconds(15);
    private final Set<Thread> askers = ConcurrentHashMap.newKeySet();
    final AtomicInteger openSessions = new AtomicInteger();
    final AtomicInteger closedSessions = new AtomicInteger();
    volatile Instant now = Instant.ofEpochSecond(1_000_000);
    KernelClones clones;
    private final Path directory;
    private long guestReads;

    KernelRig(Path directory) throws IOException {
        this.directory = directory;
        this.mapper = new SimulatedMapper(directory.resolve("sys"));
        for (int i = 0; i < SIZE; i++) {
            sent[i] = i / REGION >= 4 && i / REGION < 8 ? 0 : (byte) (i * 31 + i / 251);
        }
        System.arraycopy(sent, 0, local, 0, SIZE);
        mapper.addDisk("sda", "8:0", Path.of("/dev/mapper/sluice-vol-1.source"));
        mapper.addDisk("dm-90", "252:0", Path.of("/dev/vg/vol-1"));
        mapper.addDisk("dm-91", "252:1", Path.of("/dev/vg/sluice-vol-1.meta"));
        mapper.addDisk("dm-92", "252:2", Path.of("/dev/vg/sluice-vol-1.era"));
        mapper.addDisk("sdb", "8:16", Path.of("/dev/mapper/sluice-vol-2.source"));
        mapper.addDisk("dm-80", "252:10", Path.of("/dev/vg/vol-2"));
        mapper.addDisk("dm-81", "252:11", Path.of("/dev/vg/sluice-vol-2.meta"));
        mapper.addDisk("dm-82", "252:12", Path.of("/dev/vg/sluice-vol-2.era"));
        for (int minor = 0; minor < 40; minor++) {
            Path device = Files.createDirectories(directory.resolve("sys/dev/block/253:" + minor));
            Files.writeString(device.resolve("stat"), "0 0 0 0 0 0 0 0 0 0 0\n");
        }
        holes.set(4, 8);
        commands.simulate("dmsetup", this::dmsetup);
        commands.exits("modprobe", 0);
        commands.simulate("lvs", this::lvs);
        commands.simulate(
                "lvcreate",
                command -> logicalVolumes.add(after(command, "--name"))
                        ? printed("")
                        : new CommandResult.Exited(5, "", "Logical Volume already exists in volume group \"vg\""));
        commands.exits("lvchange", 0);
        commands.simulate("lvremove", this::lvremove);
        // a block that was never written has era 0, so asking since then means every block
        commands.simulate(
                "era_invalidate", command -> printed(command.arguments().contains("0") ? everyBlock() : written));
        hydrated(4, 0, "rw");
        clones = agent();
    }

    private static String everyBlock() {
        return "<blocks>\n  <range begin=\"0\" end = \"" + REGIONS + "\"/>\n</blocks>\n";
    }

    /** What dm-clone says of itself from now on. */
    void hydrated(int regions, int inFlight, String mode) {
        hydrated(CLONE, regions, inFlight, mode);
    }

    private void hydrated(String clone, int regions, int inFlight, String mode) {
        mapper.status(
                clone,
                "clone 8 6/256 128 " + regions + "/" + REGIONS + " " + inFlight
                        + " 2 no_hydration no_discard_passdown 4 hydration_threshold 1 hydration_batch_size 1 " + mode);
    }

    private CommandResult dmsetup(Command command) {
        List<String> words = command.arguments();
        if (words.contains("targets")) {
            return printed(targets);
        }
        if (words.contains("status") && words.contains(ERA) && mapper.live(ERA) instanceof EraTable) {
            assertThat(mapper.isSuspended(ERA))
                    .as("a suspended dm-era never tells its status")
                    .isFalse();
        }
        CommandResult disturbed = disturbance.apply(command);
        if (disturbed != null) {
            return disturbed;
        }
        CommandResult result = mapper.run(command);
        if (words.contains("create")) {
            made(after(command, "create"));
        }
        return result;
    }

    private void made(String device) {
        if (device.endsWith(".clone")) {
            cloneWasMade = true;
            hydrated(device, 4, 0, "rw");
        } else if (device.endsWith(".era")) {
            mapper.status(device, "era 8 9/1024 2 -");
        }
    }

    private CommandResult lvs(Command command) {
        String name = command.arguments().getLast().substring("vg/".length());
        return logicalVolumes.contains(name)
                ? printed("  " + name + "\n")
                : new CommandResult.Exited(5, "", "Failed to find logical volume");
    }

    /** What is there goes, whatever else was named. */
    private CommandResult lvremove(Command command) {
        List<String> names = command.arguments().stream()
                .filter(word -> word.startsWith("vg/"))
                .map(word -> word.substring("vg/".length()))
                .toList();
        boolean all = logicalVolumes.containsAll(names);
        names.forEach(logicalVolumes::remove);
        return all ? printed("") : new CommandResult.Exited(5, "", "Failed to find logical volume");
    }

    private static String after(Command command, String option) {
        return command.arguments().get(command.arguments().indexOf(option) + 1);
    }

    private static CommandResult printed(String output) {
        return new CommandResult.Exited(0, output, "");
    }

    /** The agent starts anew on what there is. */
    void restart() {
        clones = agent();
    }

    void reboot() {
        mapper.reboot();
        attached = false;
        restart();
    }

    private KernelClones agent() {
        KernelParts parts = new KernelParts(
                new DeviceMapper(commands),
                commands,
                new FakeAttachments(),
                new BoundedSources(volume -> new FakeSource(volume.volume()), answerWithin),
                volume -> new VolumeFiles.VolumeFile(Path.of("/dev/vg/" + volume), SIZE, 4096, true),
                volume -> "vg",
                throttling,
                directory.resolve("sys"));
        return new KernelClones(
                parts,
                new CloneRecords(directory.resolve("records")),
                new FakeMedia(),
                HydrationPolicy.DEFAULTS,
                () -> now);
    }

    static void awaitThat(BooleanSupplier condition) {
        long began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    CloneOrder order() {
        return order(new MigrationId("m-1"));
    }

    CloneOrder order(MigrationId migration) {
        return order(migration, VOLUME);
    }

    CloneOrder order(MigrationId migration, VolumeId volume) {
        return new CloneOrder(
                migration,
                1,
                new IncomingVolume(
                        volume,
                        new PoolName("fast"),
                        SIZE,
                        4096,
                        new Portal("10.0.0.1", 3260),
                        new ExportAccess(
                                "iqn.2026-11.io.sluice:export",
                                "iqn.2026-11.io.sluice:worker",
                                new ChapSecrets("user", "secret", "mutual", "secret"),
                                null),
                        HydrationOrder.UNLIMITED,
                        CloneEngine.DM_CLONE));
    }

    /** A second of which the guest leaves the disk no moment, so that nothing is copied. */
    void busySecond() throws IOException {
        guestReads += 1000;
        Path device = directory.resolve("sys/dev/block/" + mapper.number(ERA));
        Files.writeString(device.resolve("stat"), guestReads + " 0 " + guestReads * 8 + " 0 0 0 0 0 0 0 0\n");
        seconds(1);
    }

    void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            clones.volumes().forEach(clones::look);
        }
    }

    /** Everything a migration asks for, one after another. */
    void wholeLife() {
        clones.attach(order());
        clones.raise(order());
        clones.hydrate(VOLUME, HydrationOrder.UNLIMITED);
        hydrated(REGIONS, 0, "rw");
        seconds(1);
        clones.verify(VOLUME);
        assertThat(clones.observe().getFirst().verification()).isNotNull();
        clones.drop(VOLUME);
    }

    void assertThatNothingIsLeft() {
        assertThat(clones.observe()).isEmpty();
        assertThat(mapper.devices()).isEmpty();
        assertThat(logicalVolumes).isEmpty();
        assertThat(attached).isFalse();
        assertThat(openSessions).hasValue(0);
        assertThat(directory.resolve("records")).isEmptyDirectory();
    }

    private final class FakeAttachments implements Attachments {
        @Override
        public void attach(CloneOrder order) {
            if (loginFails) {
                throw new HostActionException("SOURCE_REFUSES", FailureKind.RETRY, "the export refused the login");
            }
            attached = true;
        }

        @Override
        public void attachLater(CloneOrder order) {
            attached = true;
        }

        @Override
        public @Nullable AttachmentReport report(VolumeId volume) {
            return attached ? new AttachmentReport("iqn", new Portal("10.0.0.1", 3260), connected, 1) : null;
        }

        @Override
        public void detach(VolumeId volume) {
            assertThat(mapper.live(CLONE)).as("detached below a clone").isNull();
            attached = false;
        }
    }

    private final class FakeThrottles implements GuestThrottles {
        @Override
        public boolean possible(VolumeId volume) {
            return true;
        }

        @Override
        public boolean limit(VolumeId volume, String device, @Nullable GuestThrottle throttle) {
            throttles.add(device + " " + throttle);
            return true;
        }
    }

    private final class FakeMedia implements Media {
        @Override
        public void zeroHead(Path device, int bytes) {
            assertThat(cloneWasMade).as("metadata are zeroed under a clone").isFalse();
            media.add("zero " + device);
        }

        @Override
        public Discarding discarding(Path device) {
            assertThat(mapper.live(CLONE)).isInstanceOf(CloneTable.class);
            Thread caller = Thread.currentThread();
            String era = device.getFileName().toString().replace(".clone", ".era");
            assertThat(mapper.messages())
                    .as("discards come before copying")
                    .doesNotContain(CLONE + ": enable_hydration");
            return new Discarding() {
                @Override
                public void discard(long offset, long lengthBytes) {
                    assertThat(Thread.currentThread())
                            .as("nobody discards when the action has ended")
                            .isSameAs(caller)
                            .isNotIn(askers);
                    assertThat(mapper.live(era))
                            .as("discards come before a workload's device")
                            .isNull();
                    whenDiscarding.run();
                    media.add("discard " + device + " " + offset / REGION + "+" + lengthBytes / REGION);
                }

                @Override
                public void flush() {
                    media.add("flush " + device);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void flush(Path device) {
            media.add("flush " + device);
        }

        @Override
        public Uncached uncached(Path device) {
            return new Uncached() {
                @Override
                public void read(long offset, ByteBuffer into) {
                    into.put(local, (int) offset, into.remaining());
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class FakeSource implements Sources.SourceSession {
        private final VolumeId volume;

        FakeSource(VolumeId volume) {
            this.volume = volume;
            asked(whenOpened);
            openSessions.incrementAndGet();
        }

        private void asked(Runnable behaviour) {
            askers.add(Thread.currentThread());
            behaviour.run();
        }

        @Override
        public String serial() {
            return Objects.requireNonNullElse(serial, volume.value());
        }

        @Override
        public boolean connected() {
            return true;
        }

        @Override
        public Duration inState() {
            return Duration.ZERO;
        }

        @Override
        public @Nullable RegionSums checksums(long firstRegion) {
            asked(whenAskedForSums);
            if (!tellsSums) {
                return null;
            }
            List<Integer> sums = new ArrayList<>();
            for (int region = (int) firstRegion; region < Math.min(REGIONS, firstRegion + 5); region++) {
                CRC32C crc = new CRC32C();
                crc.update(sent, region * REGION, REGION);
                sums.add((int) crc.getValue());
            }
            return new RegionSums(REGION, firstRegion, sums);
        }

        @Override
        public long sizeBytes() {
            return SIZE;
        }

        @Override
        public int blockBytes() {
            return 4096;
        }

        @Override
        public boolean readOnly() {
            return true;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(Arrays.copyOfRange(sent, (int) offset, (int) offset + into.remaining()));
        }

        @Override
        public Extent extentAt(long offset) {
            asked(whenAskedForExtents);
            int region = (int) (offset / REGION);
            boolean hole = holes.get(region);
            int end = hole ? holes.nextClearBit(region) : holes.nextSetBit(region);
            return new Extent(offset, (end < 0 ? REGIONS : end) * (long) REGION - offset, !hole);
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            throw new AssertionError("a source is never written");
        }

        @Override
        public void flush() {
            throw new AssertionError("a source is never flushed");
        }

        @Override
        public void unmap(long offset, long lengthBytes) {
            throw new AssertionError("a source is never unmapped");
        }

        @Override
        public void close() {
            openSessions.decrementAndGet();
            closedSessions.incrementAndGet();
        }
    }
}
