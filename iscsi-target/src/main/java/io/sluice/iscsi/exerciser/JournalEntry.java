package io.sluice.iscsi.exerciser;

import org.jspecify.annotations.Nullable;

/** One line of a journal: a write is about to be issued, or was acknowledged (its flush has returned). */
record JournalEntry(boolean acknowledged, long block, long sequence, long unixNanos) {
    String line() {
        return (acknowledged ? "A " : "I ") + block + " " + sequence + " " + unixNanos + "\n";
    }

    /** Null for what is no whole line. */
    static @Nullable JournalEntry parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !(words[0].equals("A") || words[0].equals("I"))) {
            return null;
        }
        try {
            return new JournalEntry(
                    words[0].equals("A"), Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
