package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.Portal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and their disks in {@code /sys}. What vanishes while it is looked at counts as not there. Knows our own sessions
 * alone, by the name of their interface.
 */
final class KernelTree {
    /** Ten days; the kernel counts in ticks, which must not overflow. */
    private static final int WAITS_SECONDS = 864_000;

    /** A write here waits for commands in flight, on a session that is lost up to its replacement timeout. */
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(20);

    private final Path sysfs;

    /** @param sysfs {@code /sys} */
    KernelTree(Path sysfs) {
        this.sysfs = sysfs;
    }

    /** Our sessions, the newest last. */
    List<Session> sessions() {
        List<Session> found = new ArrayList<>();
        for (Path entry : children(sysfs.resolve("class/iscsi_session"), "session*")) {
            Session session = session(entry);
            if (session != null) {
                found.add(session);
            }
        }
        found.sort((one, other) -> Integer.compare(one.id(), other.id()));
        return found;
    }

    private @Nullable Session session(Path entry) {
        String name = entry.getFileName().toString();
        String target = read(entry.resolve("targetname"));
        String state = read(entry.resolve("state"));
        if (target == null || state == null || !NodeRecord.INTERFACE.equals(read(entry.resolve("ifacename")))) {
            return null;
        }
        int id = Integer.parseInt(name.substring("session".length()));
        Path connection = sysfs.resolve("class/iscsi_connection/connection" + id + ":0");
        String address = read(connection.resolve("persistent_address"));
        String port = read(connection.resolve("persistent_port"));
        Path device = real(entry.resolve("device"));
        if (address == null || port == null || device == null) {
            return null;
        }
        int host = hostOf(device);
        return host < 0
                ? null
                : new Session(id, host, target, new Portal(address, Integer.parseInt(port)), state, device);
    }

    /**
     * Whether the kernel still has a session of that target on that portal, or one of that target that does not say where: one that is
     * coming down, or being re-established.
     */
    boolean lingers(String target, Portal portal) {
        for (Path entry : children(sysfs.resolve("class/iscsi_session"), "session*")) {
            if (target.equals(read(entry.resolve("targetname")))) {
                Session session = session(entry);
                if (session == null || session.portal().equals(portal)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The session's directory lies in that of its host, {@code …/hostN/sessionM}. */
    private static int hostOf(Path device) {
        Path parent = device.getParent();
        String name = parent == null ? "" : parent.getFileName().toString();
        return name.matches("host\\d+") ? Integer.parseInt(name.substring("host".length())) : -1;
    }

    /** LUN 0 of the session; null while the kernel has not found it. */
    @Nullable
    ScsiDisk disk(Session session) {
        for (Path target : children(session.device(), "target*")) {
            for (Path device : children(target, "*:*:*:0")) {
                for (Path block : children(device.resolve("block"), "*")) {
                    return disk(device, block);
                }
            }
        }
        return null;
    }

    private static @Nullable ScsiDisk disk(Path device, Path block) {
        String number = read(block.resolve("dev"));
        String sectors = read(block.resolve("size"));
        String blockBytes = read(block.resolve("queue/logical_block_size"));
        String state = read(device.resolve("state"));
        if (number == null || sectors == null || blockBytes == null || state == null) {
            return null;
        }
        return new ScsiDisk(
                block.getFileName().toString(),
                number,
                Long.parseLong(sectors) * 512,
                Integer.parseInt(blockBytes),
                serial(device.resolve("vpd_pg80")),
                state,
                device);
    }

    /** SPC-4 §7.8.17: four bytes of header, the last two of them the length. */
    private static @Nullable String serial(Path page) {
        try {
            byte[] bytes = Files.readAllBytes(page);
            int length = bytes.length < 4 ? 0 : ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
            return length == 0 || bytes.length < 4 + length
                    ? null
                    : new String(bytes, 4, length, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            // The page is not there, or the disk has gone: either way it did not say who it is.
            return null;
        }
    }

    /** Has the kernel look for LUN 0 of the session. */
    void scan(Session session) {
        write(sysfs.resolve("class/scsi_host/host" + session.host() + "/scan"), "0 0 0");
    }

    /**
     * Commands that the disk declines for the moment are repeated for ever. Older kernels do not know the attribute and
     * repeat five times, which the map above makes up for.
     */
    void neverRunOutOfRetries(ScsiDisk disk) {
        for (Path attributes : children(disk.device().resolve("scsi_disk"), "*")) {
            Path retries = attributes.resolve("max_retries");
            if (Files.exists(retries)) {
                write(retries, "-1");
            }
        }
    }

    /**
     * A command on the disk may take as long as it takes: the kernel's error handling, which stops all others meanwhile and then resets
     * the session, would end none of what it waits for.
     */
    void neverTimeOut(ScsiDisk disk) {
        write(disk.device().resolve("timeout"), Integer.toString(WAITS_SECONDS));
    }

    /** Takes a disk up again that the kernel's error handling gave up. */
    void setRunning(ScsiDisk disk) {
        write(disk.device().resolve("state"), "running");
    }

    /** Takes the disk out of the kernel; who has it open sees errors from then on. */
    void delete(ScsiDisk disk) {
        write(disk.device().resolve("delete"), "1");
    }

    /** Waits no longer than the limit, whatever the kernel does: the write may go on without us. */
    private static void write(Path attribute, String value) {
        CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("sysfs").start(() -> {
            try {
                Files.writeString(attribute, value);
                written.complete(null);
            } catch (NoSuchFileException e) {
                // What it belongs to has gone.
                written.complete(null);
            } catch (IOException e) {
                written.completeExceptionally(e);
            }
        });
        try {
            written.get(WRITE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new UncheckedIOException(
                    "cannot write '" + value + "' to " + attribute,
                    e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause()));
        } catch (TimeoutException e) {
            throw new UncheckedIOException(
                    "writing '" + value + "' to " + attribute + " did not end within " + WRITE_LIMIT,
                    new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException("interrupted while writing to " + attribute, new IOException(e));
        }
    }

    private static List<Path> children(Path directory, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, pattern)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return found;
    }

    private static @Nullable Path real(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException e) {
            // It has gone since it was listed.
            return null;
        }
    }

    private static @Nullable String read(Path attribute) {
        try {
            return Files.readString(attribute).strip();
        } catch (IOException e) {
            // It has gone since it was listed, or the kernel cannot say: the same to whoever asks.
            return null;
        }
    }
}
