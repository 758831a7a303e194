package io.sluice.iscsi.cli;

import io.sluice.iscsi.login.ChapCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The words of the command line as what they mean. */
final class TargetInput {
    private TargetInput() {}

    /** A file to serve, as {@code FILE} or {@code FILE,ro}. */
    record Lun(Path file, boolean readOnly) {
        private static final String READ_ONLY = ",ro";

        static Lun parse(String text) {
            boolean readOnly = text.endsWith(READ_ONLY);
            String file = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
            if (file.isEmpty()) {
                throw usage("--lun '%s' names no file: write --lun FILE or --lun FILE,ro".formatted(text));
            }
            return new Lun(Path.of(file), readOnly);
        }
    }

    static InetSocketAddress portal(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw usage("--portal '%s' is no address: write --portal HOST:PORT, as in 127.0.0.1:3260".formatted(text));
        }
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
        } catch (UnknownHostException e) {
            throw new TargetFailure(
                    TargetCommand.USAGE, "--portal '%s': host %s is not known here".formatted(text, host), e);
        }
    }

    /** Null when neither is given. */
    static @Nullable ChapCredentials credentials(String option, @Nullable String user, @Nullable Path secretFile) {
        if (user == null && secretFile == null) {
            return null;
        }
        if (user == null || secretFile == null) {
            throw usage("--%s USER and --%s-secret-file FILE belong together: give both".formatted(option, option));
        }
        try {
            String secret = Files.readString(secretFile).strip();
            if (secret.isEmpty()) {
                throw usage("--%s-secret-file %s is empty: put the secret into it".formatted(option, secretFile));
            }
            return new ChapCredentials(user, secret.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TargetFailure(
                    TargetCommand.FAILED,
                    "cannot read --%s-secret-file %s: check that it is there and who may read it"
                            .formatted(option, secretFile),
                    e);
        }
    }

    static TargetFailure usage(String message) {
        return new TargetFailure(TargetCommand.USAGE, message);
    }
}
