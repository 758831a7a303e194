package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.login.ChapCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the exerciser is told by its environment: SLUICE_DISK_0, SLUICE_DISK_0_USER, SLUICE_DISK_0_SECRET_FILE, EXERCISER_JOURNAL (a
 * directory), EXERCISER_ERRORS (a file), EXERCISER_RATE (writes a second), EXERCISER_BATCH (writes per flush), EXERCISER_INITIATOR.
 */
record ExerciserSettings(
        DiskAddress disk, InitiatorOptions initiator, Path journal, Path errors, int writesPerSecond, int batch) {
    private static final int DEFAULT_RATE = 100;
    private static final int MAX_RATE = 100_000;

    /** Small, so that the time of the last acknowledged write is known to some hundredths of a second. */
    private static final int DEFAULT_BATCH = 2;

    private static final int MAX_BATCH = 64;
    private static final String DEFAULT_INITIATOR = "iqn.2026-11.io.sluice:exerciser";

    /** Throws IllegalArgumentException, naming the variable, when something is missing or makes no sense. */
    static ExerciserSettings from(Map<String, String> environment) {
        Path journal = Path.of(required(environment, "EXERCISER_JOURNAL"));
        return new ExerciserSettings(
                DiskAddress.parse(required(environment, "SLUICE_DISK_0")),
                initiator(environment),
                journal,
                Path.of(environment.getOrDefault(
                        "EXERCISER_ERRORS", journal.resolve("errors").toString())),
                number(environment, "EXERCISER_RATE", DEFAULT_RATE, MAX_RATE),
                number(environment, "EXERCISER_BATCH", DEFAULT_BATCH, MAX_BATCH));
    }

    static InitiatorOptions initiator(Map<String, String> environment) {
        return InitiatorOptions.named(environment.getOrDefault("EXERCISER_INITIATOR", DEFAULT_INITIATOR))
                .withChap(credentials(environment), null);
    }

    private static @Nullable ChapCredentials credentials(Map<String, String> environment) {
        String user = environment.get("SLUICE_DISK_0_USER");
        if (user == null || user.isEmpty()) {
            return null;
        }
        Path file = Path.of(required(environment, "SLUICE_DISK_0_SECRET_FILE"));
        try {
            return new ChapCredentials(user, Files.readString(file).strip().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read SLUICE_DISK_0_SECRET_FILE %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }

    private static int number(Map<String, String> environment, String name, int absent, int most) {
        String text = environment.get(name);
        if (text == null || text.isEmpty()) {
            return absent;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("%s=%s must be a number from 1 to %d".formatted(name, text, most));
        }
        return Integer.parseInt(text);
    }
}
