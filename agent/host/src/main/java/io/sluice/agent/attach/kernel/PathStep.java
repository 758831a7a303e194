package io.sluice.agent.attach.kernel;

import io.sluice.agent.devicemapper.MultipathStatus;
import java.time.Duration;

/** The next thing to do for an attachment, decided from what is found alone. */
sealed interface PathStep {

    /**
     * A daemon that runs needs about five seconds once its target answers. Where an init system does not start it again, as on
     * Debian, nobody wakes it but who asks it for something; asked so seldom, many lost sessions cost next to nothing.
     */
    Duration DAEMON_ALONE = Duration.ofSeconds(10);

    /** All is well. */
    record Nothing() implements PathStep {}

    /** The daemon is re-establishing the session, or the kernel is at the disk: they go on by themselves. */
    record Wait() implements PathStep {}

    /** The session has been lost for longer than the daemon takes by itself: one that has died is started. */
    record AskDaemon(Session session) implements PathStep {}

    /** Let I/O into a map that was left suspended. */
    record Resume() implements PathStep {}

    record LogIn() implements PathStep {}

    /** Have the kernel look for the disk. */
    record Scan(Session session) implements PathStep {}

    /** Take up a disk that the kernel gave up. */
    record Revive(ScsiDisk disk) implements PathStep {}

    /** Make the map, on the disk. */
    record Make(ScsiDisk disk) implements PathStep {}

    /** Put the disk of a new session under the map. */
    record Replace(ScsiDisk disk) implements PathStep {}

    /** Let the map use its path again. */
    record Reinstate(ScsiDisk disk) implements PathStep {}

    static PathStep next(PathView view) {
        if (view.suspended()) {
            return new Resume();
        }
        Session session = view.session();
        if (session == null) {
            return new LogIn();
        }
        if (!session.loggedIn()) {
            return view.leftAlone().compareTo(DAEMON_ALONE) < 0 ? new Wait() : new AskDaemon(session);
        }
        ScsiDisk disk = view.disk();
        if (disk == null) {
            return new Scan(session);
        }
        if (disk.givenUp()) {
            return new Revive(disk);
        }
        if (!disk.running()) {
            return new Wait();
        }
        MultipathStatus map = view.map();
        if (map == null) {
            return new Make(disk);
        }
        if (!disk.number().equals(map.path())) {
            return new Replace(disk);
        }
        return map.active() ? new Nothing() : new Reinstate(disk);
    }
}
