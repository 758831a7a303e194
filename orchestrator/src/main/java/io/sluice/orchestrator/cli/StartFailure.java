package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.settings.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Why the server does not start, in words for who typed the command. */
final class StartFailure {
    private StartFailure() {}

    /** The port that somebody else listens on; null when that is not why. */
    static @Nullable Integer takenPort(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException taken) {
                return taken.getPort();
            }
        }
        return null;
    }

    static String words(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case PortInUseException taken -> {
                    return "port " + taken.getPort() + " is taken. Stop what listens there (ss -ltnp 'sport = :"
                            + taken.getPort() + "' shows it), or give another --port; 0 takes any free one.";
                }
                case StartupException told -> {
                    return told.getMessage() + ". " + told.remedy();
                }
                case BindException wrong -> {
                    return "setting " + wrong.getName() + ": " + deepest(wrong).getMessage()
                            + ". Correct it where it is set (option, environment or file).";
                }
                default -> root = cause;
            }
        }
        return root instanceof java.sql.SQLException
                ? "the database refuses: " + root.getMessage() + ". Check --database-url, --database-user and"
                        + " --database-password-file."
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private static Throwable deepest(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest;
    }
}
