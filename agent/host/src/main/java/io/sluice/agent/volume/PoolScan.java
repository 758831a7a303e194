package io.sluice.agent.volume;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.ledger.LedgerException;
import io.sluice.agent.reconcile.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in one pool's directory, and what of it is no volume.
 *
 * @param allCopiesSeen as {@link io.sluice.agent.reconcile.Volumes.Found} has it
 */
record PoolScan(List<Copy> copies, List<FailureReport> problems, boolean allCopiesSeen) {
    private static final String SIDECAR_UNREADABLE = "SIDECAR_UNREADABLE";

    /** Logical block size of a volume that no migration has touched. */
    private static final int DISCOVERED_BLOCK_BYTES = 512;

    static PoolScan of(PoolDirectory pool, Set<Path> known) {
        List<Copy> copies = new ArrayList<>();
        List<FailureReport> problems = new ArrayList<>();
        for (Path file : files(pool, Copy.RAW)) {
            if (!known.contains(file)) {
                read(pool, file, copies, problems);
            }
        }
        boolean allCopiesSeen =
                problems.stream().noneMatch(problem -> problem.code().equals(SIDECAR_UNREADABLE));
        return new PoolScan(copies, problems, allCopiesSeen);
    }

    /** Of a directory that cannot be listed. */
    static PoolScan unreadable(UncheckedIOException why) {
        return new PoolScan(
                List.of(),
                List.of(problem(
                        "POOL_UNREADABLE",
                        why.getMessage() + " (" + why.getCause() + "): see its path, and its file system")),
                false);
    }

    private static void read(PoolDirectory pool, Path file, List<Copy> copies, List<FailureReport> problems) {
        String name = stem(file, Copy.RAW);
        int aside = name.indexOf('@');
        try {
            VolumeId volume = new VolumeId(aside < 0 ? name : name.substring(0, aside));
            long size = Files.size(file);
            Sidecar sidecar = Copy.sidecarOf(file).read();
            boolean unfinished =
                    size == 0 && sidecar != null && sidecar.standing().role() == VolumeRole.INCOMING;
            if (unfinished) {
                return;
            }
            if (size <= 0 || size % DISCOVERED_BLOCK_BYTES != 0) {
                problems.add(problem(
                        "VOLUME_SIZE_ODD",
                        "volume file " + file + " has " + size
                                + " bytes, no multiple of 512: resize it or move it away"));
            } else if (sidecar == null && aside >= 0) {
                problems.add(problem(
                        "VOLUME_NAME_BAD", "file " + file + " is named like a retired copy but is none: rename it"));
            } else {
                Sidecar known = sidecar == null ? new Sidecar(DISCOVERED_BLOCK_BYTES, Standing.DISCOVERED) : sidecar;
                copies.add(new Copy(volume, pool, file, size, known));
            }
        } catch (NoSuchFileException e) {
            // Deleted while the directory was read: there is no such volume any more.
            return;
        } catch (IllegalArgumentException e) {
            problems.add(problem("VOLUME_NAME_BAD", "file " + file + ": " + e.getMessage()));
        } catch (LedgerException e) {
            problems.add(problem(SIDECAR_UNREADABLE, "volume file " + file + " is not used: " + e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + file, e);
        }
    }

    static FailureReport problem(String code, String message) {
        return new FailureReport(null, code, message, FailureKind.OPERATOR, 0, 1);
    }

    /** Sidecars without a file: what was being made or deleted when the agent was killed. Only at start. */
    static void clearOrphans(PoolDirectory pool) {
        for (Path sidecar : files(pool, Copy.SIDECAR)) {
            Path raw = sidecar.resolveSibling(stem(sidecar, Copy.SIDECAR) + Copy.RAW);
            if (!Files.exists(raw)) {
                DurableFile.remove(sidecar);
            }
        }
    }

    private static String stem(Path file, String suffix) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - suffix.length());
    }

    private static List<Path> files(PoolDirectory pool, String suffix) {
        try (Stream<Path> all = Files.list(pool.path())) {
            return all.filter(file -> String.valueOf(file.getFileName()).endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("pool " + pool.name() + ": cannot list " + pool.path(), e);
        }
    }
}
