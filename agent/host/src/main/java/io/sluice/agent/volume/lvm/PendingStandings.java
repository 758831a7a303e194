package io.sluice.agent.volume.lvm;

import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.ledger.DurableRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Standings that are durable in a file of the agent's before LVM has them: a command of LVM's takes a second or more, for which no
 * workload should be down. Until LVM has it, each look at a group is read with them over it; whoever finds a volume frozen only here
 * forbids writing to its device anew, for a reboot has forgotten that.
 */
final class PendingStandings {
    private static final String SUFFIX = ".json";

    private final Path directory;
    private final Blocks blocks;

    /** @param directory of the agent's own; made when there is something to keep */
    PendingStandings(Path directory, Blocks blocks) {
        this.directory = directory;
        this.blocks = blocks;
    }

    /** Durable when it returns. */
    void write(PendingStanding pending) {
        if (!Files.isDirectory(directory)) {
            try {
                Files.createDirectories(directory);
                DurableFile.forceDirectoryOf(directory);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make " + directory, e);
            }
        }
        record(pending).write(pending);
    }

    /** Whether LVM may be behind anywhere. */
    boolean any() {
        return !all().isEmpty();
    }

    @Nullable
    PendingStanding find(LogicalVolume logical) {
        return record(logical.group(), logical.name()).read();
    }

    /** The group with what LVM has yet to be told; what it has been told, or what was overtaken, is forgotten. */
    VolumeGroup over(VolumeGroup raw) {
        VolumeGroup seen = raw;
        for (PendingStanding pending : all()) {
            if (pending.group().equals(raw.name())) {
                LogicalVolume logical = raw.find(pending.name());
                if (logical == null || !pending.isDue(logical)) {
                    record(pending).remove();
                } else {
                    seen = seen.with(logical.name(), heldOver(pending, logical));
                }
            }
        }
        return seen;
    }

    private LogicalVolume heldOver(PendingStanding pending, LogicalVolume raw) {
        LogicalVolume to = pending.over(raw);
        boolean held = pending.writable() || blocks.forbidWrites(Path.of("/dev", raw.group(), raw.name()));
        return held ? to : to.with(to.tags(), raw.writable());
    }

    /** What LVM is still to be told of the group's volumes, as it has them itself. */
    List<Chore> chores(VolumeGroup raw) {
        List<Chore> chores = new ArrayList<>();
        for (PendingStanding pending : all()) {
            LogicalVolume logical = pending.group().equals(raw.name()) ? raw.find(pending.name()) : null;
            if (logical != null && pending.isDue(logical)) {
                chores.add(new Chore.Tell(logical, pending.over(logical)));
            }
        }
        return chores;
    }

    private List<PendingStanding> all() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<PendingStanding> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(one -> one.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                PendingStanding pending = new DurableRecord<>(file, PendingStanding.class).read();
                if (pending != null) {
                    found.add(pending);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return found;
    }

    private DurableRecord<PendingStanding> record(PendingStanding pending) {
        return record(pending.group(), pending.name());
    }

    private DurableRecord<PendingStanding> record(String group, String name) {
        return new DurableRecord<>(directory.resolve(group + "." + name + SUFFIX), PendingStanding.class);
    }
}
