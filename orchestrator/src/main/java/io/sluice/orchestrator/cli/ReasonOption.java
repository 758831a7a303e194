package io.sluice.orchestrator.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Why an operator asks for something. */
final class ReasonOption {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, kept with who asked.")
    private @Nullable String reason;

    /** What is sent with the request; null is nothing. */
    @Nullable
    Map<String, String> body() {
        return reason == null ? null : Map.of("reason", reason);
    }
}
