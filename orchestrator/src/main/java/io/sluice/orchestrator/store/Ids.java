package io.sluice.orchestrator.store;

import java.security.SecureRandom;
import java.util.stream.Stream;

/** Fresh ids: a prefix that says of what, and 50 random bits in letters that cannot be taken for one another. */
final class Ids {
    private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 10;

    private final SecureRandom random = new SecureRandom();

    String fresh(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        Stream.generate(() -> LETTERS.charAt(random.nextInt(LETTERS.length())))
                .limit(LENGTH)
                .forEach(id::append);
        return id.toString();
    }
}
