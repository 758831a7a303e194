package io.sluice.agent.devicemapper;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Name of one of our devices below {@code /dev/mapper}. */
public record DeviceName(String value) {
    static final String PREFIX = "sluice-";

    private static final String UUID_PREFIX = "SLUICE-";
    private static final Path DIRECTORY = Path.of("/dev/mapper");

    /** What may follow a volume's name: a volume that ends so would share its devices' names with another. */
    private static final List<String> SUFFIXES = List.of(".source", ".clone", ".era", ".meta", ".portal");

    /** What a volume's workload uses: the same name and number for the volume's life on this host. */
    public static DeviceName disk(VolumeId volume) {
        return new DeviceName(PREFIX + require(volume));
    }

    /** The one-path multipath map over the disk of a session with the volume's source. */
    public static DeviceName source(VolumeId volume) {
        return below(volume, ".source");
    }

    /** The dm-clone device. */
    public static DeviceName clone(VolumeId volume) {
        return below(volume, ".clone");
    }

    /** The dm-era device over the dm-clone device. */
    public static DeviceName era(VolumeId volume) {
        return below(volume, ".era");
    }

    /** The one-path multipath map over the disk that this host's agent itself serves on its loopback portal. */
    public static DeviceName portal(VolumeId volume) {
        return below(volume, ".portal");
    }

    private static DeviceName below(VolumeId volume, String suffix) {
        return new DeviceName(PREFIX + require(volume) + suffix);
    }

    private static VolumeId require(VolumeId volume) {
        if (SUFFIXES.stream().anyMatch(volume.value()::endsWith)) {
            throw new HostActionException(
                    "VOLUME_NAME_RESERVED",
                    FailureKind.ABORT,
                    "volume " + volume + " ends in one of " + SUFFIXES
                            + ", which this host's kernel devices are named with: rename it");
        }
        return volume;
    }

    /** The volume whose disk has that name, or null when it is not the name of a disk. */
    public static @Nullable VolumeId volumeOf(String name) {
        if (!name.startsWith(PREFIX) || SUFFIXES.stream().anyMatch(name::endsWith)) {
            return null;
        }
        try {
            return new VolumeId(name.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public Path path() {
        return DIRECTORY.resolve(value);
    }

    String uuid() {
        return UUID_PREFIX + value;
    }

    @Override
    public String toString() {
        return value;
    }
}
