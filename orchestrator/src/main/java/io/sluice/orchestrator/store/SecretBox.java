package io.sluice.orchestrator.store;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.settings.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Makes one-time CHAP secrets and seals them for the database: AES-256-GCM under the server's key, bound to their migration, so
 * that a row's secrets are worth nothing in another row.
 */
@Component
class SecretBox {
    /** RFC 7143 §9.2.1 asks for 96 random bits; 24 of 62 printable characters have 142, and every initiator takes 24. */
    private static final int SECRET_LENGTH = 24;

    private static final String PRINTABLE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    SecretBox(Secrets secrets) {
        this.key = new SecretKeySpec(secrets.key(), "AES");
    }

    ChapSecrets make(MigrationId migration) {
        String secret = printable();
        String mutual = printable();
        while (mutual.equals(secret)) {
            mutual = printable();
        }
        return new ChapSecrets("d-" + migration, secret, "s-" + migration, mutual);
    }

    private String printable() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SECRET_LENGTH; i++) {
            text.append(PRINTABLE.charAt(random.nextInt(PRINTABLE.length())));
        }
        return text.toString();
    }

    byte[] seal(MigrationId migration, ChapSecrets secrets) {
        return seal(
                migration.value(),
                String.join("\n", secrets.user(), secrets.secret(), secrets.mutualUser(), secrets.mutualSecret()));
    }

    /** @param owner whose row it is: it opens for the same alone */
    byte[] seal(String owner, String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, owner, nonce, text.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    ChapSecrets open(MigrationId migration, byte[] stored) {
        String[] parts = open(migration.value(), stored).split("\n", -1);
        return new ChapSecrets(parts[0], parts[1], parts[2], parts[3]);
    }

    String open(String owner, byte[] stored) {
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] sealed = new byte[stored.length - NONCE_BYTES];
        buffer.get(nonce).get(sealed);
        return new String(run(Cipher.DECRYPT_MODE, owner, nonce, sealed), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, String owner, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "cannot " + (mode == Cipher.ENCRYPT_MODE ? "seal" : "open") + " the secrets of " + owner
                            + ": is the key file the one they were sealed with?",
                    e);
        }
    }
}
