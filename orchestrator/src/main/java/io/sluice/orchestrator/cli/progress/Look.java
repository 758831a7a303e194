package io.sluice.orchestrator.cli.progress;

/** How much room there is and what the output can show. */
public record Look(int width, Paint paint, Glyphs glyphs) {

    /** Narrower than this nothing useful fits; lines are then cut by the terminal. */
    private static final int LEAST_WIDTH = 40;

    public Look {
        width = Math.max(width, LEAST_WIDTH);
    }

    /** For files and pipes: no colour, ASCII alone. */
    public static Look plain() {
        return new Look(160, Paint.NONE, Glyphs.ASCII);
    }

    public enum Paint {
        NONE,
        ANSI
    }

    /** What bars are drawn with. */
    public enum Glyphs {
        BLOCKS('\u2588', '\u2591'),
        ASCII('#', '.');

        private final char full;
        private final char empty;

        Glyphs(char full, char empty) {
            this.full = full;
            this.empty = empty;
        }

        String bar(double fraction, int cells) {
            int filled = (int) Math.floor(Math.clamp(fraction, 0, 1) * cells);
            return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(cells - filled);
        }
    }
}
