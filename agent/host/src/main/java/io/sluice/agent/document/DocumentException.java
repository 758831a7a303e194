package io.sluice.agent.document;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file cannot be used as it stands; the message names the file, the key, and what to do. */
public final class DocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DocumentException(Path file, String key, String problem, @Nullable Throwable cause) {
        super(key.isEmpty() ? file + ": " + problem : file + ": key '" + key + "': " + problem, cause);
    }

    public DocumentException(Path file, String key, String problem) {
        this(file, key, problem, null);
    }
}
