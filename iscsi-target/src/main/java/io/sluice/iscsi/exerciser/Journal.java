package io.sluice.iscsi.exerciser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory with one file per run of the exerciser, in the order of their names. Lines are handed to the operating system at once,
 * so they outlive the process, however it ends.
 */
final class Journal implements AutoCloseable {
    private static final String PREFIX = "run-";

    private final FileChannel file;

    private Journal(FileChannel file) {
        this.file = file;
    }

    /** Begins the next run's file. */
    static Journal begin(Path directory) {
        try {
            Files.createDirectories(directory);
            Path next = directory.resolve(
                    "%s%06d".formatted(PREFIX, files(directory).size() + 1));
            return new Journal(FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot begin a journal in " + directory, e);
        }
    }

    void append(List<JournalEntry> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(entry.line()));
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the journal", e);
        }
    }

    /** All that earlier runs wrote down. A last line that is cut off never took effect: it is left out. */
    static History read(Path directory) {
        History history = new History();
        try {
            for (Path file : files(directory)) {
                history.beginRun();
                try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
                    replay(reader, history, file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the journals in " + directory, e);
        }
        return history;
    }

    private static void replay(BufferedReader reader, History history, Path file) throws IOException {
        String line = reader.readLine();
        while (line != null) {
            String next = reader.readLine();
            JournalEntry entry = JournalEntry.parse(line);
            if (entry != null && (next != null || endsWithNewline(file))) {
                history.take(entry);
            } else if (next != null) {
                throw new IOException("'%s' in %s is no line of a journal".formatted(line, file));
            }
            line = next;
        }
    }

    private static boolean endsWithNewline(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return new ArrayList<>(
                    all.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                            .sorted()
                            .toList());
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the journal", e);
        }
    }
}
