package io.sluice.orchestrator.settings;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The tokens and the key in force. What the configuration does not give is, with the embedded database, made once and kept in
 * the data directory with mode 0600; with a database of one's own it is asked for, since replicas must share it.
 */
@Component
public final class Secrets {
    private static final int TOKEN_BYTES = 32;
    private static final int KEY_BYTES = 32;

    private final Map<Role, String> tokens = new EnumMap<>(Role.class);
    private final String joinToken;
    private final byte[] key;
    private final Map<String, String> madeNow = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();

    public Secrets(ServerSettings settings) {
        PrivateFiles.directory(settings.dataDir());
        ServerSettings.Tokens given = settings.tokens();
        boolean embedded = settings.database().embedded();
        token(Role.VIEWER, given.viewer(), given.viewerFile(), embedded, settings.dataDir());
        token(Role.OPERATOR, given.operator(), given.operatorFile(), embedded, settings.dataDir());
        token(Role.ADMIN, given.admin(), given.adminFile(), embedded, settings.dataDir());
        if (tokens.isEmpty()) {
            throw new StartupException(
                    "no operator token is configured", "Give at least --admin-token-file, a file with one line.");
        }
        String join = given("join-token", settings.joinToken(), settings.joinTokenFile());
        if (join == null && !embedded) {
            throw new StartupException("no join token is configured", "Give --join-token-file, a file with one line.");
        }
        joinToken = join == null ? made("join", settings.dataDir().resolve("join-token")) : join;
        key = key(settings, embedded);
    }

    private void token(Role role, @Nullable String value, @Nullable Path file, boolean embedded, Path dataDir) {
        String token = given(role.lowerCase() + "-token", value, file);
        if (token == null && embedded) {
            token = made(role.lowerCase(), tokenFile(dataDir, role));
        }
        if (token != null) {
            tokens.put(role, token);
        }
    }

    /** Where the embedded mode keeps the token of this role. */
    public static Path tokenFile(Path dataDir, Role role) {
        return dataDir.resolve(role.lowerCase() + "-token");
    }

    private static @Nullable String given(String what, @Nullable String value, @Nullable Path file) {
        if (value != null && file != null) {
            throw new StartupException(
                    "the " + what + " is given both as a value and as the file " + file, "Give one of them.");
        }
        return file == null ? value : PrivateFiles.read(file);
    }

    private String made(String name, Path file) {
        return PrivateFiles.readOrMake(file, () -> {
            byte[] bytes = new byte[TOKEN_BYTES];
            random.nextBytes(bytes);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            madeNow.put(name, token);
            return token;
        });
    }

    private byte[] key(ServerSettings settings, boolean embedded) {
        Path file = settings.keyFile();
        if (file == null && !embedded) {
            throw new StartupException(
                    "no key for migrations' secrets is configured",
                    "Give --key-file, a file with 32 random bytes in base64 (openssl rand -base64 32).");
        }
        String text = file != null
                ? PrivateFiles.read(file)
                : PrivateFiles.readOrMake(settings.dataDir().resolve("secrets-key"), () -> {
                    byte[] bytes = new byte[KEY_BYTES];
                    random.nextBytes(bytes);
                    return Base64.getEncoder().encodeToString(bytes);
                });
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == KEY_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    "the key file holds no base64", "Write 32 random bytes in base64 (openssl rand -base64 32).", e);
        }
        throw new StartupException(
                "the key file does not hold 32 bytes", "Write 32 random bytes in base64 (openssl rand -base64 32).");
    }

    public Map<Role, String> tokens() {
        return Map.copyOf(tokens);
    }

    /** The tokens this start made, by name; to be shown once. */
    public Map<String, String> madeNow() {
        return Map.copyOf(madeNow);
    }

    public String joinToken() {
        return joinToken;
    }

    /** AES-256 key under which migrations' secrets are stored. */
    public byte[] key() {
        return key.clone();
    }

    @Override
    public String toString() {
        return "Secrets[withheld]";
    }
}
