package io.sluice.orchestrator.cli.progress;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What standard output is: a terminal of some size, or null when it is a file or a pipe. */
public record Terminal(int rows, Look look) {

    private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");

    /** The size a terminal has that does not tell its own. */
    private static final int USUAL_ROWS = 24;

    private static final int USUAL_COLUMNS = 80;

    /** Asking for the size is a courtesy and must not hold up the command. */
    private static final long SIZE_LIMIT_MILLIS = 300;

    public static @Nullable Terminal detect() {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        if (!terminal || "dumb".equals(System.getenv("TERM"))) {
            return null;
        }
        Look.Paint paint = System.getenv("NO_COLOR") == null ? Look.Paint.ANSI : Look.Paint.NONE;
        boolean unicode = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"))
                .equals(StandardCharsets.UTF_8);
        Look.Glyphs glyphs = unicode ? Look.Glyphs.BLOCKS : Look.Glyphs.ASCII;
        Matcher size = SIZE.matcher(sttySize());
        return size.matches()
                ? new Terminal(
                        positive(size.group(1), USUAL_ROWS),
                        new Look(positive(size.group(2), USUAL_COLUMNS), paint, glyphs))
                : new Terminal(USUAL_ROWS, new Look(USUAL_COLUMNS, paint, glyphs));
    }

    private static int positive(String number, int otherwise) {
        int value = Integer.parseInt(number);
        return value > 0 ? value : otherwise;
    }

    private static String sttySize() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(SIZE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return "";
            }
            return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException noStty) {
            return "";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
