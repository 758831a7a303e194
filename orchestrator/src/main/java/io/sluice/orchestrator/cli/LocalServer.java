package io.sluice.orchestrator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a server on this machine leaves in its state folder for the commands run beside it: {@code url} and {@code
 * operator-token}. The folder is {@code $SLUICE_STATE}, else {@code ~/.local/state/sluice/server}.
 */
record LocalServer(@Nullable String url, @Nullable Path tokenFile) {

    static LocalServer of(Environment environment) {
        String chosen = environment.variable("SLUICE_STATE");
        Path folder = chosen == null ? environment.home().resolve(".local/state/sluice/server") : Path.of(chosen);
        Path token = folder.resolve("operator-token");
        return new LocalServer(firstLine(folder.resolve("url")), Files.exists(token) ? token : null);
    }

    private static @Nullable String firstLine(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? null : text;
        } catch (IOException absent) {
            return null;
        }
    }
}
