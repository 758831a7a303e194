package io.sluice.agent.attach.kernel;

import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.ledger.DurableRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of attachments, one file {@code MAP.json} each, read once: nobody else writes there. */
final class AttachmentRecords {
    private static final String SUFFIX = ".json";

    private final Path directory;
    private final Map<String, AttachmentRecord> known = new ConcurrentHashMap<>();

    AttachmentRecords(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + " for the records of attachments", e);
        }
        DurableFile.removeUnfinished(directory);
        readAll();
    }

    private void readAll() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(AttachmentRecords::isRecord).toList()) {
                AttachmentRecord record = new DurableRecord<>(file, AttachmentRecord.class).read();
                if (record != null) {
                    known.put(record.map(), record);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static boolean isRecord(Path file) {
        return file.getFileName().toString().endsWith(SUFFIX);
    }

    List<AttachmentRecord> list() {
        return List.copyOf(known.values());
    }

    @Nullable
    AttachmentRecord find(DeviceName map) {
        return known.get(map.value());
    }

    void write(AttachmentRecord record) {
        if (!record.equals(known.get(record.map()))) {
            file(record.map()).write(record);
            known.put(record.map(), record);
        }
    }

    void remove(DeviceName map) {
        file(map.value()).remove();
        known.remove(map.value());
    }

    private DurableRecord<AttachmentRecord> file(String map) {
        return new DurableRecord<>(directory.resolve(map + SUFFIX), AttachmentRecord.class);
    }
}
