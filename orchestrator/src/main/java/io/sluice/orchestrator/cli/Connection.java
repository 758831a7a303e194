package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.RestClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which service to speak to, and with which token: an option wins over its variable, a variable over the files that a
 * server on this machine left in its state folder.
 */
final class Connection {

    static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Environment environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the service is. Default: $SLUICE_URL, else the server on this machine.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Operator token. Other users of this machine can see it here; prefer --token-file."
                    + " Default: $SLUICE_TOKEN.")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File that holds the token. Default: $SLUICE_TOKEN_FILE, else the token that the server on"
                    + " this machine made.")
    private @Nullable Path tokenFile;

    Connection(Environment environment) {
        this.environment = environment;
    }

    RestClient open() {
        return new RestClient(address(), chosenToken());
    }

    private URI address() {
        LocalServer local = LocalServer.of(environment);
        String chosen = first(url, environment.variable("SLUICE_URL"), local.url(), DEFAULT_URL);
        try {
            URI address = URI.create(chosen);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // falls to the same message: what matters to the user is the text given
        }
        throw new UsageProblem("\"" + chosen + "\" is no URL of a service", "give one like " + DEFAULT_URL);
    }

    private String chosenToken() {
        String variableFile = environment.variable("SLUICE_TOKEN_FILE");
        if (token != null) {
            return token;
        }
        if (tokenFile != null) {
            return read(tokenFile);
        }
        String variable = environment.variable("SLUICE_TOKEN");
        if (variable != null) {
            return variable;
        }
        Path file = variableFile == null ? LocalServer.of(environment).tokenFile() : Path.of(variableFile);
        if (file == null) {
            throw new UsageProblem(
                    "no token given, and no server on this machine left one",
                    "give --token-file FILE, or set SLUICE_TOKEN_FILE or SLUICE_TOKEN");
        }
        return read(file);
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file).strip();
            if (!text.isEmpty()) {
                return text;
            }
            throw new UsageProblem("the token file " + file + " is empty", "write the token into it");
        } catch (IOException unreadable) {
            throw new UsageProblem(
                    "cannot read the token file " + file + ": "
                            + unreadable.getClass().getSimpleName(),
                    "name a file that you may read");
        }
    }

    private static String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no candidate at all");
    }
}
