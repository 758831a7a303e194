package io.sluice.agent.attach.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.Portal;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.HostActionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Logging in and out through {@code iscsiadm}. No secret is in an argument: it reads our {@link NodeRecord}. Where its daemon
 * does not run it is started, by systemd if that is there.
 */
final class Initiator {
    /** A login that finds nobody gives up after its own ten seconds; this only bounds what hangs. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Path SYSTEMD = Path.of("/run/systemd/system");

    /** What {@code iscsiadm} ends with (its manual page, EXIT STATUS). */
    private static final int NO_CONNECTION = 4;

    private static final int TRANSPORT_TIMEOUT = 8;
    private static final int SESSION_EXISTS = 15;
    private static final int DAEMON_TROUBLE = 18;
    private static final int LOGIN_REFUSED = 19;
    private static final int DAEMON_NOT_REACHED = 20;
    private static final int NOTHING_FOUND = 21;
    private static final int AUTHENTICATION_FAILED = 24;

    private final Commands commands;

    Initiator(Commands commands) {
        this.commands = commands;
    }

    /** Returns when logged in; harmless when that is so. The node's record must be there. */
    void login(Node node) {
        CommandResult result = withDaemon(node(node.target(), node.portal(), "--login"));
        boolean there = result instanceof Exited exited && (exited.code() == 0 || exited.code() == SESSION_EXISTS);
        if (!there) {
            throw failure("cannot log in to " + node.target() + " on " + node.portal(), result);
        }
    }

    /**
     * Ends the session, be its target there or not; harmless when it has ended. The node's record must be there. It is named by
     * that and not by its number, for then an interface file would be wanted.
     */
    void logout(Session session) {
        CommandResult result = withDaemon(node(session.target(), session.portal(), "--logout"));
        boolean gone = result instanceof Exited exited && (exited.code() == 0 || exited.code() == NOTHING_FOUND);
        if (!gone) {
            throw new HostActionException(
                    "LOGOUT_REFUSED",
                    FailureKind.RETRY,
                    "the session with " + session.target() + " does not end: iscsiadm " + result.words()
                            + "; it is tried again: right after a restart of iscsid that is refused for a while");
        }
    }

    /**
     * The daemon runs when this returns, or was started; changes nothing else, for it is asked for a session's statistics alone.
     *
     * @throws HostActionException {@code ISCSID_NOT_RUNNING}
     */
    void requireDaemon(Session session) {
        CommandResult result = withDaemon(node(session.target(), session.portal(), "--stats"));
        // a daemon that has just started may not know the session yet: it answers so, and takes it up by itself
        if (!(result instanceof Exited) || isDaemonMissing(result)) {
            throw noDaemon("the session with " + session.target() + " is lost: iscsiadm " + result.words());
        }
    }

    private CommandResult withDaemon(List<String> line) {
        CommandResult result = commands.run(Command.capturing(LIMIT, line));
        if (!isDaemonMissing(result)) {
            return result;
        }
        List<String> start =
                Files.isDirectory(SYSTEMD) ? List.of("systemctl", "start", "iscsid.service") : List.of("iscsid");
        CommandResult started = commands.run(Command.capturing(LIMIT, start));
        CommandResult again = commands.run(Command.capturing(LIMIT, line));
        // who lost the race to start it finds it running
        if (isDaemonMissing(again) && !started.succeeded()) {
            throw new HostActionException(
                    "ISCSID_NOT_RUNNING",
                    FailureKind.OPERATOR,
                    "the kernel's initiator needs its daemon, and '" + String.join(" ", start) + "' " + started.words()
                            + ": install open-iscsi and start iscsid");
        }
        return again;
    }

    private static boolean isDaemonMissing(CommandResult result) {
        return result instanceof Exited exited
                && (exited.code() == DAEMON_NOT_REACHED || exited.code() == DAEMON_TROUBLE);
    }

    private static List<String> node(String target, Portal portal, String verb) {
        return List.of("iscsiadm", "-m", "node", "-T", target, "-p", portal + "," + NodeRecord.PORTAL_GROUP, verb);
    }

    private static HostActionException failure(String what, CommandResult result) {
        String words = what + ": iscsiadm " + result.words();
        if (result instanceof CommandResult.NotStarted) {
            return new HostActionException(
                    "ISCSI_MISSING", FailureKind.OPERATOR, words + ": install open-iscsi, or set 'disks: portal'");
        }
        int code = result instanceof Exited exited ? exited.code() : TRANSPORT_TIMEOUT;
        return switch (code) {
            case AUTHENTICATION_FAILED, LOGIN_REFUSED ->
                new HostActionException(
                        "SOURCE_REFUSES",
                        FailureKind.RETRY,
                        words + "; it is tried again: the other host may not have taken up the migration's newest"
                                + " secrets yet");
            case NO_CONNECTION, TRANSPORT_TIMEOUT ->
                new HostActionException(
                        "SOURCE_UNREACHABLE",
                        FailureKind.RETRY,
                        words + "; it is tried again, see that the other host's agent runs and its portal can be"
                                + " reached");
            case DAEMON_NOT_REACHED, DAEMON_TROUBLE -> noDaemon(words);
            default ->
                new HostActionException(
                        "SOURCE_UNREACHABLE", FailureKind.RETRY, words + "; it is tried again, see iscsid's log");
        };
    }

    private static HostActionException noDaemon(String words) {
        return new HostActionException(
                "ISCSID_NOT_RUNNING",
                FailureKind.OPERATOR,
                words + ": see why iscsid does not stay up (its log), and start it");
    }
}
