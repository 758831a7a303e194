package io.sluice.agent.devicemapper;

import java.util.ArrayList;
import java.util.List;

/** A line of the kernel's, word by word. */
final class Words {
    private final String line;
    private final List<String> words;
    private int at;

    private Words(String line, List<String> words) {
        this.line = line;
        this.words = words;
    }

    static Words of(String line) {
        String stripped = line.strip();
        if (stripped.contains("\n")) {
            throw new IllegalArgumentException("more than one line: '" + stripped + "'");
        }
        return new Words(stripped, List.of(stripped.split("\\s+")));
    }

    boolean hasNext() {
        return at < words.size();
    }

    String next() {
        if (!hasNext()) {
            throw unexpected("more words");
        }
        return words.get(at++);
    }

    long nextLong() {
        String word = next();
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw unexpected("a number instead of '" + word + "'");
        }
    }

    /** A count, and as many words. */
    List<String> nextCounted() {
        long count = nextLong();
        List<String> counted = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            counted.add(next());
        }
        return counted;
    }

    /** {@code used/total} and the like. */
    Share nextShare() {
        String word = next();
        String[] parts = word.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Share(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            }
        } catch (NumberFormatException e) {
            throw unexpected("two numbers instead of '" + word + "'");
        }
        throw unexpected("two numbers instead of '" + word + "'");
    }

    List<String> rest() {
        List<String> rest = List.copyOf(words.subList(at, words.size()));
        at = words.size();
        return rest;
    }

    IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException("'" + line + "' should have " + wanted);
    }

    record Share(long part, long whole) {}
}
