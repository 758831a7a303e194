package io.sluice.orchestrator.cli.progress;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Draws lines over the ones drawn before (ECMA-48 cursor up, erase below). The last ones stay. */
public final class LiveScreen {

    private static final char ESCAPE = 0x1b;

    private final PrintWriter out;
    private final int height;
    private int drawn;

    /**
     * Draws on {@code out}.
     *
     * @param height rows of the terminal: more lines than fit cannot be drawn over, the rest is summed up
     */
    public LiveScreen(PrintWriter out, int height) {
        this.out = out;
        this.height = height;
    }

    public void draw(List<String> lines) {
        List<String> fitting = lines;
        if (lines.size() >= height) {
            fitting = new ArrayList<>(lines.subList(0, Math.max(1, height - 2)));
            fitting.add("  ... and " + (lines.size() - fitting.size()) + " more lines");
        }
        if (drawn > 0) {
            out.print(ESCAPE + "[" + drawn + "A" + ESCAPE + "[J");
        }
        fitting.forEach(out::println);
        out.flush();
        drawn = fitting.size();
    }
}
