package io.sluice.agent.workload;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.document.DocumentException;
import io.sluice.agent.document.Documents;
import io.sluice.agent.ledger.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of {@code workloads.d}: each declares one workload; a bad one is named and the others count. */
final class Declarations {
    private static final String SUFFIX = ".yaml";

    /** What the directory held: definitions by file, in the order of file names. */
    record Read(Map<Path, WorkloadDefinition> definitions, List<FailureReport> problems) {}

    private final Path directory;

    Declarations(Path directory) {
        this.directory = directory;
    }

    Read read() {
        Map<Path, WorkloadDefinition> definitions = new LinkedHashMap<>();
        List<FailureReport> problems = new ArrayList<>();
        Map<WorkloadId, Path> ids = new HashMap<>();
        Map<VolumeId, Path> volumes = new HashMap<>();
        for (Path file : files()) {
            try {
                WorkloadDefinition definition =
                        Documents.read(file, Declaration.class).check(file);
                claim(file, "id", ids, definition.id());
                definition.volumes().forEach(volume -> claim(file, "volumes", volumes, volume));
                definitions.put(file, definition);
            } catch (DocumentException e) {
                problems.add(new FailureReport(
                        null, "DECLARATION_BAD", String.valueOf(e.getMessage()), FailureKind.OPERATOR, 0, 1));
            }
        }
        return new Read(definitions, problems);
    }

    private static <K> void claim(Path file, String key, Map<K, Path> owners, K claimed) {
        Path owner = owners.putIfAbsent(claimed, file);
        if (owner != null) {
            throw new DocumentException(
                    file, key, "'" + claimed + "' is already declared in " + owner + ": remove one");
        }
    }

    /** Returns the file it is declared in from now on. */
    Path write(WorkloadDefinition definition) {
        Path file = directory.resolve(definition.id() + SUFFIX);
        DurableFile.write(file, Documents.write(Declaration.of(definition)).getBytes(StandardCharsets.UTF_8));
        return file;
    }

    void remove(Path file) {
        DurableFile.remove(file);
    }

    private List<Path> files() {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> all = Files.list(directory)) {
                return all.filter(file -> String.valueOf(file.getFileName()).endsWith(SUFFIX))
                        .sorted()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}
