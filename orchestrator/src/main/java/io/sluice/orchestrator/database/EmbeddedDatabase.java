package io.sluice.orchestrator.database;

import io.sluice.orchestrator.settings.PrivateFiles;
import io.sluice.orchestrator.settings.StartupException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL in the data directory, on loopback alone, with a password; stops with the server. One server per data directory:
 * a lock file says so, and lets a start after a SIGKILL end the PostgreSQL that was left behind.
 */
final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    static final String USER = "postgres";

    /** Unpacking and initdb on a slow disk, or replaying the log after a crash. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** A PostgreSQL without clients stops within moments; after this it is killed, which its log survives. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** Over TCP on loopback alone; there is no socket file. */
    private static final Map<String, String> SETTINGS = Map.of(
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "password_encryption", "scram-sha-256",
            "max_connections", "60",
            "log_min_messages", "warning");

    private final EmbeddedPostgres postgres;
    private final FileChannel lock;
    private final String password;

    private EmbeddedDatabase(EmbeddedPostgres postgres, FileChannel lock, String password) {
        this.postgres = postgres;
        this.lock = lock;
        this.password = password;
    }

    /** Starts the PostgreSQL of this data directory, making it at the first time. */
    static EmbeddedDatabase start(Path dataDir) {
        FileChannel lock = lock(dataDir);
        try {
            Path home = dataDir.resolve("postgres");
            PrivateFiles.directory(home);
            Path data = home.resolve("data");
            endLeftBehind(data);
            Path passwordFile = home.resolve("password");
            String password = PrivateFiles.readOrMake(passwordFile, EmbeddedDatabase::newPassword);
            return new EmbeddedDatabase(run(home, data, passwordFile, password), lock, password);
        } catch (IOException | IllegalStateException e) {
            release(lock);
            throw new StartupException(
                    "the embedded PostgreSQL in " + dataDir + " does not start: " + e.getMessage(),
                    "See that the directory's disk has room and belongs to this user, or give --database-url.",
                    e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static EmbeddedPostgres run(Path home, Path data, Path passwordFile, String password) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(home.resolve("program").toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        home.resolve("postgres.log").toFile()))
                .setConnectConfig("password", password)
                // options of initdb, in spite of the name: no login is ever taken without the password
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString());
        SETTINGS.forEach(builder::setServerConfig);
        return builder.start();
    }

    /** Ends a PostgreSQL that outlived its server, known by its pid file and by our data directory on its command line. */
    private static void endLeftBehind(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        ProcessHandle left = lines.isEmpty()
                ? null
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).orElse(null);
        if (left != null && servesDirectory(left, data)) {
            log.info("ending the PostgreSQL a killed server left behind pid={}", left.pid());
            left.destroy();
            if (!ended(left)) {
                left.destroyForcibly();
                if (!ended(left)) {
                    throw new IOException("process " + left.pid() + " still holds it and does not end");
                }
            }
        }
        Files.deleteIfExists(pidFile);
    }

    private static boolean servesDirectory(ProcessHandle process, Path data) throws IOException {
        Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        if (!Files.isReadable(commandLine)) {
            return false;
        }
        List<String> arguments = List.of(Files.readString(commandLine).split("\0"));
        return arguments.getFirst().endsWith("postgres")
                && arguments.contains(data.toAbsolutePath().toString());
    }

    private static boolean ended(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !process.isAlive();
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for process " + process.pid(), e);
        }
    }

    private static FileChannel lock(Path dataDir) {
        Path file = dataDir.resolve("server.lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
            channel.close();
        } catch (OverlappingFileLockException e) {
            log.debug("the data directory is locked by this very process", e);
        } catch (IOException e) {
            throw new StartupException(
                    "cannot lock " + file + ": " + e.getMessage(), "Give a --data-dir this user may write to.", e);
        }
        throw new StartupException(
                "another Sluice server uses the data directory " + dataDir,
                "Stop that server, or give this one another --data-dir.");
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("cannot release the lock of the data directory", e);
        }
    }

    private static String newPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        try {
            postgres.close();
        } finally {
            release(lock);
        }
    }
}
