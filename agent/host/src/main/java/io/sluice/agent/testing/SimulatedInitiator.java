package io.sluice.agent.testing;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's initiator, its daemon and targets elsewhere, for {@link ScriptedCommands#simulate} of {@code iscsiadm} and
 * {@code iscsid}: reads node records, shows sessions and disks in a directory laid out like {@code /sys}, and tells a
 * {@link SimulatedMapper} of the disks. Sessions live longer than an agent; {@link #reboot} ends them.
 */
public final class SimulatedInitiator {
    private static final int NOT_UNDERSTOOD = 7;
    private static final int TIMEOUT = 8;
    private static final int EXISTS = 15;
    private static final int NO_DAEMON = 20;
    private static final int NOTHING = 21;
    private static final int REFUSED = 24;

    /** What a target serves, and the secret it takes. */
    public record Served(long sizeBytes, int blockBytes, String serial, String secret) {}

    private record Session(int id, String target, String portal) {}

    private final Path sysfs;
    private final Path nodes;
    private final SimulatedMapper mapper;
    private final Map<String, Served> targets = new LinkedHashMap<>();
    private final Map<Integer, Session> sessions = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private int nextId = 1;
    private final List<Session> leaving = new ArrayList<>();
    private boolean late;
    private boolean daemon = true;
    private boolean daemonStarts = true;

    public SimulatedInitiator(Path sysfs, Path nodes, SimulatedMapper mapper) {
        this.sysfs = sysfs;
        this.nodes = nodes;
        this.mapper = mapper;
    }

    /** A target answers on a portal, {@code host:port}. */
    public void serve(String target, String portal, Served served) {
        targets.put(target + "@" + portal, served);
    }

    /** It answers no more; sessions with it are lost, and their disks. */
    public void silence(String target, String portal) {
        targets.remove(target + "@" + portal);
        sessions.values().stream()
                .filter(session -> session.target.equals(target) && session.portal.equals(portal))
                .forEach(session -> setStates(session, "FAILED", "transport-offline"));
    }

    /** Lost sessions whose target answers again are re-established, as the daemon does if it runs. */
    public void reconnect() {
        if (!daemon) {
            return;
        }
        sessions.values().stream()
                .filter(session -> targets.containsKey(session.target + "@" + session.portal))
                .forEach(session -> setStates(session, "LOGGED_IN", "running"));
    }

    /** It is dead, and stays so until it is started. */
    public void killDaemon(boolean startsAgain) {
        daemon = false;
        daemonStarts = startsAgain;
    }

    /** Sessions end without anyone having logged out. */
    public void reboot() {
        List.copyOf(sessions.values()).forEach(this::forget);
    }

    public int sessions() {
        return sessions.size();
    }

    /** The disk's number of the newest session, {@code major:minor}. */
    public String newestDisk() {
        return number(nextId - 1);
    }

    /** What was done in an order that a real kernel would not have forgiven. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** One run of {@code iscsid}. */
    public CommandResult startDaemon() {
        daemon = daemonStarts;
        return exited(daemonStarts ? 0 : 1, daemonStarts ? "" : "iscsid: no such module");
    }

    /** One run of {@code iscsiadm}. */
    public CommandResult run(Command command) {
        if (!daemon) {
            return exited(NO_DAEMON, "iscsiadm: can not connect to iSCSI daemon (111)!");
        }
        List<String> words = command.arguments();
        String target = words.get(words.indexOf("-T") + 1);
        String portalAndGroup = words.get(words.indexOf("-p") + 1);
        String portal = portalAndGroup.substring(0, portalAndGroup.indexOf(','));
        int colon = portal.lastIndexOf(':');
        Path record = nodes.resolve(target)
                .resolve(portal.substring(0, colon) + "," + portal.substring(colon + 1) + ",1")
                .resolve("sluice");
        if (!Files.exists(record)) {
            return exited(NOTHING, "iscsiadm: No records found");
        }
        return switch (words.getLast()) {
            case "--login" -> login(target, portal, record);
            case "--logout" -> logout(target, portal);
            case "--stats" -> exited(find(target, portal) == null ? NOTHING : 0, "");
            default -> exited(NOT_UNDERSTOOD, "iscsiadm: what is " + words.getLast() + "?");
        };
    }

    private @Nullable Session find(String target, String portal) {
        return sessions.values().stream()
                .filter(session -> session.target.equals(target) && session.portal.equals(portal))
                .findFirst()
                .orElse(null);
    }

    private CommandResult login(String target, String portal, Path record) {
        if (find(target, portal) != null) {
            return exited(EXISTS, "iscsiadm: session exists");
        }
        Served served = targets.get(target + "@" + portal);
        if (served == null) {
            return exited(TIMEOUT, "iscsiadm: initiator reported error (8 - connection timed out)");
        }
        if (!read(record).contains("node.session.auth.password = " + served.secret + "\n")) {
            return exited(REFUSED, "iscsiadm: initiator reported error (24 - iSCSI login failed)");
        }
        Session session = new Session(nextId, target, portal);
        nextId++;
        sessions.put(session.id, session);
        show(session, served);
        return exited(0, "");
    }

    private CommandResult logout(String target, String portal) {
        Session session = find(target, portal);
        if (session == null) {
            return exited(NOTHING, "iscsiadm: No matching sessions found");
        }
        if (!read(device(session).resolve("delete")).equals("1")) {
            faults.add("session " + session.id + " logged out with its disk still there");
        }
        if (late) {
            leaving.add(session);
        } else {
            forget(session);
        }
        return exited(0, "");
    }

    /** From now on a logout is only promised: the session goes with {@link #endLeaving}. */
    public void logsOutLate() {
        late = true;
    }

    public void endLeaving() {
        late = false;
        leaving.stream().distinct().forEach(this::forget);
        leaving.clear();
    }

    private void forget(Session session) {
        sessions.remove(session.id);
        deleteTree(directory(session));
        deleteTree(sysfs.resolve("class/iscsi_session/session" + session.id));
        deleteTree(sysfs.resolve("class/iscsi_connection/connection" + session.id + ":0"));
    }

    private void show(Session session, Served served) {
        Path device = device(session);
        Path block = device.resolve("block").resolve(kernelName(session.id));
        write(block.resolve("dev"), number(session.id));
        write(block.resolve("size"), Long.toString(served.sizeBytes / 512));
        write(block.resolve("queue/logical_block_size"), Integer.toString(served.blockBytes));
        write(device.resolve("delete"), "");
        write(device.resolve("timeout"), "30");
        write(device.resolve("scsi_disk").resolve(session.id + ":0:0:0").resolve("max_retries"), "5");
        byte[] serial = served.serial.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer page = ByteBuffer.allocate(4 + serial.length)
                .put(new byte[] {0, (byte) 0x80})
                .putShort((short) serial.length)
                .put(serial);
        Path entry = sysfs.resolve("class/iscsi_session/session" + session.id);
        write(entry.resolve("targetname"), session.target);
        write(entry.resolve("ifacename"), "sluice");
        int colon = session.portal.lastIndexOf(':');
        Path connection = sysfs.resolve("class/iscsi_connection/connection" + session.id + ":0");
        write(connection.resolve("persistent_address"), session.portal.substring(0, colon));
        write(connection.resolve("persistent_port"), session.portal.substring(colon + 1));
        write(sysfs.resolve("class/scsi_host/host" + session.id + "/scan"), "");
        try {
            Files.write(device.resolve("vpd_pg80"), page.array());
            Files.createSymbolicLink(entry.resolve("device"), directory(session).toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot show session " + session.id, e);
        }
        setStates(session, "LOGGED_IN", "running");
        mapper.addDisk(kernelName(session.id), number(session.id), Path.of("/dev/" + kernelName(session.id)));
    }

    private void setStates(Session session, String ofSession, String ofDisk) {
        write(sysfs.resolve("class/iscsi_session/session" + session.id + "/state"), ofSession);
        write(device(session).resolve("state"), ofDisk);
    }

    private Path directory(Session session) {
        return sysfs.resolve("devices/platform/host" + session.id + "/session" + session.id);
    }

    private Path device(Session session) {
        return directory(session).resolve("target" + session.id + ":0:0/" + session.id + ":0:0:0");
    }

    private static String kernelName(int id) {
        return "sd" + (char) ('a' + id);
    }

    private static String number(int id) {
        return "8:" + 16 * id;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text + (text.isEmpty() ? "" : "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void deleteTree(Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path file : found.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    private static CommandResult exited(int code, String errors) {
        return new Exited(code, "", errors);
    }
}
