package io.sluice.agent.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** One record in one file, as JSON. */
public final class DurableRecord<T> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path file;
    private final Class<T> type;

    public DurableRecord(Path file, Class<T> type) {
        this.file = file;
        this.type = type;
    }

    /**
     * Null when it was never written.
     *
     * @throws LedgerException when the file does not hold such a record: it is never taken for an absent one
     */
    public @Nullable T read() {
        byte[] content = DurableFile.read(file);
        if (content == null) {
            return null;
        }
        try {
            return JSON.readValue(content, type);
        } catch (JacksonException e) {
            throw new LedgerException(
                    "file " + file + " does not hold what the agent wrote there (" + e.getOriginalMessage()
                            + "): restore it from a backup; do not delete it, it says what this host may not do",
                    e);
        }
    }

    public void write(T content) {
        DurableFile.write(file, JSON.writeValueAsBytes(content));
    }

    public void remove() {
        DurableFile.remove(file);
    }
}
